import { html, notFound, text, xml, type Answer, type Asked } from '../http/answer.ts';
import { paragraphsOf } from '../pages/articles.ts';
import { rss } from '../pages/feed.ts';
import { frame } from '../pages/frame.ts';
import { escape, link } from '../pages/html.ts';
import { sitemapIndex, urlSet } from '../pages/sitemap.ts';
import { newsOn, type NewsStory } from '../stories/news.ts';
import { britishDate } from '../world/calendar.ts';
import type { World } from '../world/world.ts';

const NAMES = [
  'The Ledger Post',
  'Marketwise',
  'Harbour Business Daily',
  'The Trade Courier',
  'Capital Wire',
  'Northern Commerce',
];

export const newsName = (host: string): string => NAMES[Number(/\d+/.exec(host)?.[0] ?? 1) - 1] ?? NAMES[0] ?? '';

/** The stories of the news sites of one night, which are read often. */
export class Newsroom {
  private readonly world: World;
  private night = -1;
  private readonly stories = new Map<string, readonly NewsStory[]>();

  constructor(world: World) {
    this.world = world;
  }

  on(host: string): readonly NewsStory[] {
    if (this.night !== this.world.night) this.stories.clear();
    this.night = this.world.night;
    const stories = this.stories.get(host) ?? newsOn(this.world, host);
    this.stories.set(host, stories);
    return stories;
  }
}

/** Answers for a news site. */
export function serveNews(world: World, newsroom: Newsroom, { host, path }: Asked): Answer {
  const stories = newsroom.on(host);
  const { feed } = world.styleOf(host);
  const changed = stories[0]?.published ?? world.calendar.at(0, 0);
  const month = /^\/sitemaps\/(\d{4})-(\d{2})\.xml$/.exec(path);
  if (path === '/robots.txt') {
    return text(
      `User-agent: *\nDisallow: /account/\n\nSitemap: http://${host}/sitemap.xml\n`,
      world.calendar.at(-200, 0),
    );
  }
  if (path === '/') return html(frontPage(world, host, stories), changed);
  if (path === feed) return xml(rss(feedOf(host, feed, stories)), 'application/rss+xml; charset=utf-8', changed);
  if (path === '/sitemap.xml') return xml(monthsOf(host, stories), 'application/xml', changed);
  if (month !== null) {
    const ofMonth = stories.filter((story) => story.path.startsWith(`/${month[1]}/${month[2]}/`));
    const entries = ofMonth.map((story) => ({ url: urlOf(story), modified: story.published }));
    return entries.length === 0 ? notFound() : xml(urlSet(entries), 'application/xml', changed);
  }
  const story = stories.find((each) => each.path === path);
  return story === undefined ? notFound() : html(storyPage(world, story), story.published);
}

export const urlOf = ({ host, path }: NewsStory): string => `http://${host}${path}`;

const around = (host: string) => ({ siteName: newsName(host), navigation: [{ href: '/', text: 'Front page' }] });

function frontPage(world: World, host: string, stories: readonly NewsStory[]): string {
  const rows = stories
    .slice(0, 40)
    .map((story) => `<li>${link(story.path, story.story.title)} <span>${britishDate(story.published)}</span></li>`);
  const main = `<h1>${escape(newsName(host))}</h1>\n<ul>${rows.join('\n')}</ul>`;
  return frame(world, host, { path: '/', title: newsName(host), main, ...around(host) });
}

function storyPage(world: World, { host, path, story, published, company }: NewsStory): string {
  const main = `<article><h1>${escape(story.title)}</h1>
${paragraphsOf(story.paragraphs)}</article>
<aside><h3>More</h3><p>${link('/', `All news about ${company.industry.toLowerCase()}`)}</p></aside>`;
  return frame(world, host, { path, title: story.title, description: story.title, published, main, ...around(host) });
}

const feedOf = (host: string, feed: string, stories: readonly NewsStory[]) => ({
  title: newsName(host),
  site: `http://${host}/`,
  url: `http://${host}${feed}`,
  items: stories.slice(0, 50).map((each) => ({
    url: urlOf(each),
    title: each.story.title,
    published: each.published,
    summary: each.story.paragraphs[0]?.text ?? '',
  })),
});

function monthsOf(host: string, stories: readonly NewsStory[]): string {
  const months = new Map<string, Date>();
  for (const { published } of stories) {
    const month = published.toISOString().slice(0, 7);
    if (!months.has(month)) months.set(month, published);
  }
  return sitemapIndex(
    [...months].map(([month, modified]) => ({ url: `http://${host}/sitemaps/${month}.xml`, modified })),
  );
}
