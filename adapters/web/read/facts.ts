import { isoDate } from '#core/web/plain.ts';
import type { ScannedPage } from './scan-html.ts';

/** What a page says about itself in JSON-LD, `<meta>` and `<time>`. */
export interface PageFacts {
  readonly headline: string | undefined;
  readonly published: string | undefined;
  readonly isArticle: boolean;
}

const PUBLISHED = [
  'article:published_time',
  'og:published_time',
  'datepublished',
  'publishdate',
  'publish-date',
  'pubdate',
  'date',
  'dc.date',
  'dc.date.issued',
  'dcterms.created',
  'parsely-pub-date',
  'sailthru.date',
];
const ARTICLE = /^(\w*Article|BlogPosting|LiveBlogPosting|Report|PressRelease)$/;
const MAX_NODES = 2_000;
const MAX_ITEMS = 100;

export function factsOf({ meta, jsonLd, time, hasArticle }: ScannedPage): PageFacts {
  const article = jsonLd.map(articleNode).find((node) => node !== null);
  const named = PUBLISHED.map((name) => isoDate(meta.get(name))).find((date) => date !== undefined);
  const published = isoDate(textOf(article?.['datePublished'])) ?? named;
  const isArticle = article !== undefined || published !== undefined || meta.get('og:type') === 'article';
  return {
    headline: textOf(article?.['headline']) ?? meta.get('og:title'),
    published: published ?? (hasArticle ? isoDate(time) : undefined),
    isArticle: isArticle || hasArticle,
  };
}

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.toWellFormed() : undefined;

/** The first article in a JSON-LD block, which may nest it in lists and graphs. Null if there is none. */
function articleNode(json: string): Node | null {
  let queue: unknown[];
  try {
    queue = [JSON.parse(json)];
  } catch {
    return null;
  }
  // Breadth first, and bounded: the depth is the page's choice.
  for (let index = 0; index < queue.length && index < MAX_NODES; index += 1) {
    const value = queue[index];
    if (Array.isArray(value)) queue = queue.concat(value.slice(0, MAX_ITEMS));
    if (!isNode(value)) continue;
    const types: unknown[] = [value['@type']].flat();
    if (types.some((type) => typeof type === 'string' && ARTICLE.test(type))) return value;
    queue.push(...[value['@graph'], value['mainEntity']].filter((child) => child !== undefined));
  }
  return null;
}
