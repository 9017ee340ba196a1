import { startOf } from '#core/text/text.ts';
import { dropUnseen, tidy } from '#core/web/plain.ts';
import { articleOf } from './article.ts';
import { factsOf } from './facts.ts';
import { scanHtml, type ScannedPage } from './scan-html.ts';

/** A page as text. */
export interface ReadPage {
  readonly title: string;
  readonly published: string | undefined;
  readonly text: string;
  readonly links: readonly { readonly url: string; readonly text: string }[];
  readonly feeds: readonly string[];
}

/** Shorter main text means that the page marks its parts otherwise. */
const MIN_MAIN_CHARS = 80;
const MIN_MAIN_SHARE = 0.1;
const MAX_TITLE_CHARS = 300;

/**
 * Reads a page as its reader sees it: of an article the article, of another page all but navigation, header and footer.
 * Nothing of it is run. Throws `PageRejected`.
 */
export function readHtml(html: string, url: string): ReadPage {
  const scanned = scanHtml(html, url);
  const facts = factsOf(scanned);
  const title = tidy((facts.headline ?? scanned.title).replaceAll('\n', ' '));
  return {
    title: startOf(title, MAX_TITLE_CHARS),
    published: facts.published,
    text: tidy(textOf(scanned, facts.isArticle, url)),
    links: scanned.links.map((link) => ({ ...link, text: dropUnseen(link.text) })),
    feeds: scanned.feeds,
  };
}

function textOf({ cleaned, main, text }: ScannedPage, isArticle: boolean, url: string): string {
  const article = isArticle && cleaned !== null ? articleOf(cleaned) : null;
  if (article !== null) return scanHtml(article, url).text;
  const [mainChars, allChars] = [tidy(main).length, tidy(text).length];
  return mainChars >= MIN_MAIN_CHARS && mainChars >= MIN_MAIN_SHARE * allChars ? main : text;
}
