import { gzipSync } from 'node:zlib';
import { html, notFound, text, xml, type Answer, type Asked } from '../http/answer.ts';
import { articlePage, homePage, newsList } from '../pages/articles.ts';
import { atom, rss } from '../pages/feed.ts';
import { companyPage } from '../pages/frame.ts';
import { escape } from '../pages/html.ts';
import { jobsPage } from '../pages/jobs.ts';
import { pricingPage } from '../pages/prices.ts';
import { sitemapIndex, urlSet, type SitemapEntry } from '../pages/sitemap.ts';
import { articlesOf, type Article } from '../stories/articles.ts';
import type { Company } from '../world/companies.ts';
import type { World } from '../world/world.ts';
import { pageFaultAnswer } from '../faults/pages.ts';

/** Answers for the site of a company. */
export function serveCompany(world: World, company: Company, asked: Asked): Answer {
  const style = world.styleOf(company.host);
  const changed = changedAt(world, company);
  switch (asked.path) {
    case '/robots.txt':
      return text(robotsOf(company), world.calendar.at(-200, 0));
    case '/':
      return html(homePage(world, company), changed);
    case style.news:
      return html(newsList(world, company), changed);
    case style.pricing:
      return html(pricingPage(world, company), changed);
    case style.jobs:
      return html(jobsPage(world, company), changed);
    case style.feed:
      return feedOf(world, company, changed);
    case '/privacy':
    case '/terms':
      return html(smallPrint(world, company, asked.path), changed);
    default:
      return sitemapOf(world, company, asked.path) ?? articleAt(world, company, asked);
  }
}

/** When something last happened to the company: only then its pages change. */
function changedAt(world: World, company: Company): Date {
  const articles = articlesOf(world, company).filter(({ published }) => published <= world.calendar.endOf(world.night));
  const times = [...articles.map(({ published }) => published), ...world.happenings(company).map(({ at }) => at)];
  return new Date(Math.max(...times.map((time) => time.getTime())));
}

const robotsOf = ({ host }: Company): string => `User-agent: *
Disallow: /search
Disallow: /internal/
Allow: /

Sitemap: http://${host}/sitemap.xml
`;

function feedOf(world: World, company: Company, changed: Date): Answer {
  const { feed, feedKind } = world.styleOf(company.host);
  const walled = world.has(company.host, 'login-wall');
  const content = {
    title: world.history(company).state(world.night).name,
    site: company.site,
    url: `http://${company.host}${feed}`,
    items: articlesOf(world, company)
      .slice(0, 10)
      .map(({ path, story, published }) => ({
        url: `http://${company.host}${path}`,
        title: story.title,
        published,
        ...(walled ? {} : { summary: story.paragraphs[0]?.text ?? '' }),
      })),
  };
  return feedKind === 'rss'
    ? xml(rss(content), 'application/rss+xml; charset=utf-8', changed)
    : xml(atom(content), 'application/atom+xml; charset=utf-8', changed);
}

function sitemapOf(world: World, company: Company, path: string): Answer | undefined {
  const { sitemap } = world.styleOf(company.host);
  const changed = changedAt(world, company);
  const part =
    sitemap === 'plain' ? '/sitemap.xml' : sitemap === 'index' ? '/sitemaps/pages.xml' : '/sitemaps/pages.xml.gz';
  if (path === part) {
    const body = urlSet(entriesOf(world, company, changed));
    if (sitemap !== 'gzip') return xml(body, 'application/xml', changed);
    return { status: 200, type: 'application/gzip', body: gzipSync(body), modified: changed };
  }
  if (path !== '/sitemap.xml') return undefined;
  return xml(sitemapIndex([{ url: `http://${company.host}${part}`, modified: changed }]), 'application/xml', changed);
}

function entriesOf(world: World, company: Company, changed: Date): SitemapEntry[] {
  const { news, pricing, jobs } = world.styleOf(company.host);
  const pages = ['/', news, pricing, jobs].map((path) => ({ path, modified: changed }));
  const articles = articlesOf(world, company).map(({ path, published }) => ({ path, modified: published }));
  return [...pages, ...articles].map(({ path, modified }) => ({ url: `http://${company.host}${path}`, modified }));
}

function smallPrint(world: World, company: Company, path: string): string {
  const title = path === '/privacy' ? 'Privacy' : 'Terms of use';
  const main = `<h1>${title}</h1><p>${escape(company.name)} has no part in this page. It belongs to a simulation, stores nothing and sells nothing.</p>`;
  return companyPage(world, company, { path, title, main });
}

function articleAt(world: World, company: Company, asked: Asked): Answer {
  const articles = articlesOf(world, company);
  const found = articles.find(({ path }) => path === asked.path || path === asked.path.replace(/\/next$/, ''));
  if (found === undefined) return notFound();
  if (found.pageFault !== undefined) {
    const faulty = pageFaultAnswer(found.pageFault, found.path, asked);
    if (faulty !== undefined) return faulty;
  } else if (found.path !== asked.path) return notFound();
  return html(articlePage(world, company, found), articleChanged(world, company, found));
}

/** An article stays as it is, except that a new name of the company stands on all its pages. */
function articleChanged(world: World, company: Company, { published }: Article): Date {
  const renamed = world.happenings(company).find(({ kind }) => kind === 'rename');
  const latest = renamed !== undefined && renamed.at > published ? renamed.at : published;
  const end = world.calendar.at(0, 0);
  return latest > world.calendar.endOf(world.night) ? end : latest;
}
