import { Choices } from '../random.ts';

/** How a company's site is built: where its pages are, and how they say their date. */
export interface Style {
  readonly layout: number;
  readonly news: string;
  readonly pricing: string;
  readonly jobs: string;
  readonly feed: string;
  readonly feedKind: 'rss' | 'atom';
  readonly sitemap: 'plain' | 'index' | 'gzip';
  readonly dates: 'json-ld' | 'meta' | 'time' | 'text';
  /** Whether it compresses pages for whoever accepts it. */
  readonly compresses: boolean;
}

export function styleOf(seed: number, host: string): Style {
  const choices = new Choices(`${seed}/${host}/style`);
  return {
    layout: choices.between(0, 2),
    news: choices.pick(['/news', '/newsroom', '/press', '/about/news', '/company/press-releases']),
    pricing: choices.pick(['/pricing', '/plans', '/products/prices', '/shop']),
    jobs: choices.pick(['/careers', '/jobs', '/about/careers', '/work-with-us']),
    feed: choices.pick(['/feed.xml', '/rss', '/news.atom', '/feeds/news.xml']),
    feedKind: choices.pick(['rss', 'atom']),
    sitemap: choices.pick(['plain', 'index', 'gzip']),
    dates: choices.pick(['json-ld', 'meta', 'time', 'text']),
    compresses: choices.chance(0.5),
  };
}
