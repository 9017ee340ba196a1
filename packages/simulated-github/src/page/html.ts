/** HTML that this package wrote. Content is text, and text is always escaped. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

export type Part = string | number | Markup | undefined | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters and those that change the direction of text could hide what a line says: they are shown as code points. */
const HIDDEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export function escape(text: string): string {
  return text
    .replace(HIDDEN, (character) => {
      if (character === '\n' || character === '\t') return character;
      return character === '\r'
        ? '␍'
        : `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
    })
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.html;
  if (typeof part === 'string') return escape(part);
  return typeof part === 'number' ? String(part) : part.map(render).join('');
}

/** Builds HTML. Each inserted text is escaped; only other results of this function are not. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((text, index) => text + render(parts[index])).join(''));
