import { startOf } from '#core/text/text.ts';

/** Larger pages, and those of more or deeper elements, are read as plain text: what takes a page apart is not linear. */
const MAX_CHARS = 600_000;
const MAX_ELEMENTS = 8_000;
const MAX_DEPTH = 48;
const MAX_NAME_CHARS = 100;
const VOID = new Set([
  'br',
  'hr',
  'img',
  'wbr',
  'input',
  'area',
  'col',
  'source',
  'track',
  'param',
  'link',
  'meta',
  'base',
]);
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** Writes a page anew, with only the attributes that tell an article from what is around it, and bounded. */
export class Pages {
  #parts: string[] = [];
  #characters = 0;
  #elements = 0;
  #depth = 0;
  #tooLarge = false;

  open(name: string, { class: classes = '', id = '' }: Readonly<Record<string, string>>): void {
    if (VOID.has(name)) {
      if (name === 'br' || name === 'hr') this.#push(`<${name}>`);
      return;
    }
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) return;
    this.#elements += 1;
    const names = classes === '' ? '' : ` class="${escaped(startOf(classes, MAX_NAME_CHARS).toWellFormed())}"`;
    const own = id === '' ? '' : ` id="${escaped(startOf(id, MAX_NAME_CHARS).toWellFormed())}"`;
    this.#push(`<${name}${names}${own}${name === 'a' ? ' href="/"' : ''}>`);
  }

  close(name: string): void {
    if (VOID.has(name)) return;
    if (this.#depth <= MAX_DEPTH) this.#push(`</${name}>`);
    this.#depth -= 1;
  }

  text(text: string): void {
    this.#push(escaped(text));
  }

  /** Null if the page is too large. */
  result(): string | null {
    return this.#tooLarge ? null : this.#parts.join('');
  }

  #push(part: string): void {
    if (this.#tooLarge) return;
    this.#characters += part.length;
    this.#tooLarge = this.#characters > MAX_CHARS || this.#elements > MAX_ELEMENTS;
    if (this.#tooLarge) this.#parts = [];
    else this.#parts.push(part);
  }
}
