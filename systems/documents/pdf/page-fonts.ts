import type { PDFPageProxy } from 'unpdf/pdfjs';

/** The part of pdf.js's glyph used here. */
export interface Glyph {
  readonly unicode: string;
  readonly originalCharCode: number;
}

/** Which letters the codes of a page's fonts are. */
export interface Fonts {
  /** Whether pdf.js could read the font. If not, its texts have no glyphs. */
  has(font: string | null): boolean;
  /** Whether the font says which letter this is. If not, pdf.js takes its code for the letter's. */
  says(font: string | null, glyph: Glyph): boolean;
}

/** The map of a font as pdf.js exports it: letters by code, or a range of codes that it takes for the letters. */
interface ToUnicode {
  readonly [LETTERS]?: readonly (string | undefined)[];
}

const LETTERS = '_map';

export function fontsOf(page: PDFPageProxy): Fonts {
  const maps = new Map<string | null, ToUnicode | null>();
  const mapOf = (font: string | null): ToUnicode | null => {
    const known = maps.get(font);
    if (known !== undefined) return known;
    const map = toUnicodeOf(page, font);
    maps.set(font, map);
    return map;
  };
  return {
    has: (font) => mapOf(font) !== null,
    says(font, { originalCharCode, unicode }) {
      const map = mapOf(font);
      const letters = map === null ? undefined : map[LETTERS];
      if (letters === undefined) return false;
      // A pair of a letter and an accent has no code of its own.
      return letters[originalCharCode] !== undefined || unicode.codePointAt(0) !== originalCharCode;
    },
  };
}

function toUnicodeOf(page: PDFPageProxy, font: string | null): ToUnicode | null {
  if (font === null || !page.commonObjs.has(font)) return null;
  // In place of a font that it could not read, pdf.js has a message.
  const read: unknown = page.commonObjs.get(font);
  return typeof read === 'object' && read !== null && 'toUnicode' in read ? (read.toUnicode as ToUnicode | null) : null;
}
