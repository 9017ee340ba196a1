import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';

/** Fewer characters than this are no article. */
const MIN_CHARS = 200;

/**
 * The article of a page, as HTML, without what stands around it. Null if there is none.
 * @param cleaned a page that `scanHtml` has cleaned and bounded
 */
export function articleOf(cleaned: string): string | null {
  const { document } = parseHTML(`<!doctype html><html><head></head><body>${cleaned}</body></html>`);
  const article = new Readability(document, {
    charThreshold: MIN_CHARS,
    disableJSONLD: true,
    keepClasses: false,
  }).parse();
  const content = article?.content ?? '';
  return (article?.length ?? 0) >= MIN_CHARS ? content : null;
}
