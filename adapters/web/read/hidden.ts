import { startOf } from '#core/text/text.ts';

/** Inline styles and rules by which a page shows nothing of a text. */
const INVISIBLE =
  /display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|opacity\s*:\s*0*(\.0+)?\s*(;|!|$)|font-size\s*:\s*[01](px|pt|em|rem|%)?\s*(;|!|$)|(^|[;{\s])color\s*:\s*transparent|text-indent\s*:\s*-\d{3,}|(left|top|right|margin-left)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(50|100)%|max-height\s*:\s*0(px)?\s*(;|!|$)/i;
/** Longer declarations are not styles. */
const MAX_STYLE_CHARS = 4_096;

export const isInvisible = (style: string): boolean => INVISIBLE.test(startOf(style, MAX_STYLE_CHARS));

/** The classes and ids that a page's own style sheets hide. Only selectors of one class or id count, outside `@media`. */
export class HiddenNames {
  readonly #names = new Set<string>();

  /** Reads a style sheet in one pass. */
  read(css: string): void {
    let depth = 0;
    let start = 0;
    let selector = '';
    for (let index = 0; index < css.length; index += 1) {
      const character = css[index];
      if (character === '{') {
        if (depth === 0) selector = css.slice(start, index);
        depth += 1;
        start = index + 1;
      } else if (character === '}') {
        if (depth === 1 && isInvisible(css.slice(start, index))) this.#add(selector);
        depth = Math.max(0, depth - 1);
        start = index + 1;
      }
    }
  }

  has(attributes: Readonly<Record<string, string>>): boolean {
    if (this.#names.size === 0) return false;
    const { id, class: classes } = attributes;
    if (id !== undefined && this.#names.has(`#${id}`)) return true;
    return classes !== undefined && classes.split(/\s+/).some((name) => this.#names.has(`.${name}`));
  }

  #add(selector: string): void {
    for (const part of selector.split(',')) {
      const name = /^(?:\w*)([.#][\w-]+)$/.exec(part.trim())?.[1];
      if (name !== undefined) this.#names.add(name);
    }
  }
}
