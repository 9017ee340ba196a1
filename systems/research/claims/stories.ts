import { plain } from './quotes.ts';

/** A document as far as comparing needs it. */
export interface Page {
  readonly url: string;
  readonly text: string;
}

/** Parameters of a URL that say where a reader came from, not what is shown. */
const TRACKING = /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ref|ref_src|source|cmpid)$/i;

/** The same URL for the same page: without fragment, tracking, `www.`, index file and slash at the end. */
export function canonicalUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.hash = '';
  parsed.protocol = 'https:';
  parsed.hostname = parsed.hostname.replace(/^www\./, '');
  parsed.port = '';
  const names = [...parsed.searchParams.keys()];
  for (const name of names) if (TRACKING.test(name)) parsed.searchParams.delete(name);
  parsed.searchParams.sort();
  parsed.pathname = parsed.pathname.replace(/(?:\/+(?:index\.\w+|amp)?)+$/, '') || '/';
  return parsed.href;
}

/** Words in a row by which texts are compared. */
const SHINGLE = 4;
/** Shorter texts are the same only if they are equal. */
const MIN_SHINGLES = 12;
/** Share of the shorter text that must stand in the longer one. */
const SAME = 0.75;

/** Groups documents that tell the same story: one page under two URLs, a syndicated text, a copy with a line more. */
export function storiesOf<Document extends Page>(documents: readonly Document[]): Document[][] {
  const stories: { readonly urls: Set<string>; readonly known: Shingles[]; readonly documents: Document[] }[] = [];
  for (const document of documents) {
    const url = canonicalUrl(document.url);
    const shingles = shinglesOf(document.text);
    const story = stories.find(({ urls, known }) => urls.has(url) || known.some((other) => isSame(other, shingles)));
    if (story === undefined) stories.push({ urls: new Set([url]), known: [shingles], documents: [document] });
    else {
      story.urls.add(url);
      story.known.push(shingles);
      story.documents.push(document);
    }
  }
  return stories.map((story) => story.documents);
}

interface Shingles {
  readonly whole: string;
  readonly parts: ReadonlySet<string>;
}

function shinglesOf(text: string): Shingles {
  const words = wordsOf(text);
  const parts = words.slice(0, Math.max(0, words.length - SHINGLE + 1)).map((_, at) => words.slice(at, at + SHINGLE));
  return { whole: words.join(' '), parts: new Set(parts.map((part) => part.join(' '))) };
}

function isSame(a: Shingles, b: Shingles): boolean {
  if (a.whole === b.whole) return true;
  const [small, large] = a.parts.size <= b.parts.size ? [a.parts, b.parts] : [b.parts, a.parts];
  // A short text inside a long one is a teaser, not the same story.
  if (small.size < MIN_SHINGLES || small.size < large.size / 2) return false;
  return [...small].filter((part) => large.has(part)).length >= SAME * small.size;
}

export const wordsOf = (text: string): string[] =>
  plain(text)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];
