import { urlProblem } from '#core/web/url.ts';
import { readSitemap, type SitemapEntry } from '#adapters/web/read/sitemap.ts';
import {
  feedLinks,
  isSameSite,
  isSettled,
  isStory,
  jobsPage,
  newestStories,
  newsPage,
  pricingPage,
  type Candidate,
} from './choose.ts';
import { feedStories } from './feeds.ts';
import type { Reader } from './reader.ts';

/** Sitemaps that are read: an index and the most promising of what it names. */
const MAX_SITEMAPS = 4;
/** Documents of the company's own site that are no news: home, pricing, jobs. */
const MAX_STORIES = 8;
const PROMISING = /news|press|post|blog|article|page|main/i;

/** The address of a site. Names below `.test` have no certificates. Null for none. */
export function siteUrl(site: string): string | null {
  const isTest = /^[\w.-]+\.test(\/|$)/i.test(site);
  const url = /^[a-z][a-z0-9+.-]*:/i.test(site) ? site : `${isTest ? 'http' : 'https'}://${site}`;
  return urlProblem(url) === null ? new URL(url).href : null;
}

/** Reads a company's site: home page, sitemap and feeds; then the news, prices and jobs that they name. Throws `Deferred`. */
export async function readSite(site: string, night: string, reader: Reader): Promise<void> {
  const home = await reader.page(site);
  // Whoever forbids or does not serve its home page has no more for us.
  if (home === null) return;
  const root = home.page.url;
  // The site may have moved.
  reader.own(root);
  const links: Candidate[] = home.page.links.filter(({ url }) => isSameSite(url, root));
  const listed = await sitemapPages(root, reader);
  const feed = await feedStories([...home.page.feeds, ...feedLinks(links)], reader);
  const candidates = [...links, ...listed].filter(({ url }) => isSameSite(url, root));

  const stories = newestStories([...feed, ...candidates.filter(isStory)], night);
  const found = stories.length > 0 ? stories : await storiesOf(newsPage(candidates), reader);
  await readStories(found, night, reader);
  for (const [url, kind] of [
    [pricingPage(candidates), 'pricing'],
    [jobsPage(candidates), 'jobs'],
  ] as const) {
    if (url !== undefined) await reader.read(url, kind);
  }
  reader.keep(home, 'home');
}

async function readStories(stories: readonly Candidate[], night: string, reader: Reader): Promise<void> {
  // Prices, jobs and the home page have their places.
  const places = Math.min(MAX_STORIES, reader.pagesLeft - 3);
  for (const { url, title, dated } of stories.slice(0, Math.max(0, places))) {
    await reader.read(url, 'news', {
      ...(title !== undefined && title !== '' && { title }),
      published: dated,
      fixed: isSettled(dated, night),
    });
  }
}

/** The stories that a list of news links to, where neither a feed nor a sitemap names them. */
async function storiesOf(list: string | undefined, reader: Reader): Promise<readonly Candidate[]> {
  if (list === undefined) return [];
  const fetched = await reader.page(list);
  const base = new URL(list).pathname.replace(/\/?$/, '/');
  return (fetched?.page.links ?? []).filter(
    ({ url }) => isSameSite(url, list) && (isStory({ url }) || new URL(url).pathname.startsWith(base)) && url !== list,
  );
}

/** The pages that the site's sitemaps name: those of robots.txt, else `/sitemap.xml`. */
async function sitemapPages(root: string, reader: Reader): Promise<Candidate[]> {
  const named = (await reader.sitemaps(root)).filter((url) => URL.canParse(url));
  const optional = named.length === 0;
  const queue = optional ? [new URL('/sitemap.xml', root).href] : [...named];
  const pages: Candidate[] = [];
  for (let read = 0; read < MAX_SITEMAPS && queue.length > 0; read += 1) {
    const url = queue.shift() ?? '';
    const fetched = await reader.page(url, { optional });
    if (fetched === null) continue;
    const sitemap = readSitemap(fetched.page.text, url);
    if (sitemap === null) {
      if (!optional) reader.fail(url, 'The sitemap cannot be read.');
      continue;
    }
    pages.push(...sitemap.pages.map(toCandidate));
    queue.push(...sitemap.sitemaps.toSorted(byPromise).map((entry) => entry.url));
  }
  return pages;
}

const toCandidate = ({ url, modified }: SitemapEntry): Candidate => ({
  url,
  ...(modified !== undefined && { dated: modified }),
});

/** Those of news first, then the newest. */
const byPromise = (a: SitemapEntry, b: SitemapEntry): number => {
  const promise = Number(PROMISING.test(b.url)) - Number(PROMISING.test(a.url));
  return promise === 0 ? (b.modified ?? '').localeCompare(a.modified ?? '') : promise;
};
