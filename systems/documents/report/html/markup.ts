/** Markup that is safe to put into a page. Only `fragment` and `raw` make it. */
export interface Fragment {
  readonly markup: string;
}

type Part = Fragment | string | number | null | undefined | false | readonly Part[];

/**
 * A template in which every value is escaped unless it is markup already: text of documents can't become code.
 * (Not called `html`, since formatters take that for whole documents and close what a part leaves open.)
 */
export function fragment(strings: TemplateStringsArray, ...parts: readonly Part[]): Fragment {
  let markup = strings[0] ?? '';
  for (const [index, part] of parts.entries()) markup += render(part) + (strings[index + 1] ?? '');
  return { markup };
}

/** Takes a text of ours for markup: style sheet and script. */
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

/** Escapes for text and for quoted attributes; control characters, which HTML has no way to write, become a mark. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[[\p{Cc}]--[\t\n\r]]/gv, '\u{fffd}');
}
