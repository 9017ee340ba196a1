/** Markup that is safe to insert into a page. Only `fragment` and `raw` create it. */
export interface Fragment {
  readonly markup: string;
}

type Part = Fragment | string | number | null | undefined | false | readonly Part[];

/**
 * A template that escapes every value except a `Fragment`, so that text from documents cannot become code. It is not
 * called `html`, because formatters would treat each part as a whole document and close its open elements.
 */
export function fragment(strings: TemplateStringsArray, ...parts: readonly Part[]): Fragment {
  let markup = strings[0] ?? '';
  for (const [index, part] of parts.entries()) markup += render(part) + (strings[index + 1] ?? '');
  return { markup };
}

/** Inserts trusted text unescaped: only the style sheet and the script. */
export const raw = (markup: string): Fragment => ({ markup });

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(render).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Embeddings, overrides and isolates: they show a line in another order than it has (Trojan Source, CVE-2021-42574). */
const REORDERING = /[\u202A-\u202E\u2066-\u2069]/g;

/**
 * Escapes text and quoted attributes. HTML cannot represent control characters, so they become U+FFFD. Characters that
 * reorder text are shown as their code points.
 */
function escape(text: string): string {
  return text
    .replaceAll(REORDERING, (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase()}]`)
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[[\p{Cc}]--[\t\n\r]]/gv, '\u{fffd}');
}
