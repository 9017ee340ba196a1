import type { PDFPageProxy } from 'unpdf/pdfjs';

/** The part of pdf.js's glyph used here. */
export interface Glyph {
  readonly unicode: string;
  readonly originalCharCode: number;
  /** In thousandths of the font's size. */
  readonly width?: number;
}

/** Which letters the codes of a page's fonts are. */
export interface Fonts {
  /** Whether pdf.js could read the font. If not, its texts have no glyphs. */
  has(font: string | null): boolean;
  /** Whether the font says which letter this is. If not, pdf.js takes its code for the letter's. */
  says(font: string | null, glyph: Glyph): boolean;
}

/** The part of pdf.js's font used here. */
interface Font {
  /** Letters by code, or a range of codes that pdf.js takes for the letters. */
  readonly toUnicode?: { readonly [LETTERS]?: readonly (string | undefined)[] } | null;
  readonly composite?: boolean;
  readonly isSymbolicFont?: boolean;
  readonly type?: string;
  /** Names of glyphs by code: those of the encoding that the font names, and those in their place. */
  readonly defaultEncoding?: readonly (string | undefined)[];
  readonly differences?: readonly (string | undefined)[];
}

const LETTERS = '_map';
/** The type of the font that pdf.js takes for one that the file lacks. */
const STAND_IN = 'FallbackType';

export function fontsOf(page: PDFPageProxy): Fonts {
  const fonts = new Map<string | null, Font | null>();
  const fontOf = (name: string | null): Font | null => {
    const known = fonts.get(name);
    if (known !== undefined) return known;
    const font = loadFont(page, name);
    fonts.set(name, font);
    return font;
  };
  return {
    has: (name) => fontOf(name) !== null,
    says(name, { originalCharCode, unicode }) {
      const font = fontOf(name);
      const letters = font?.toUnicode?.[LETTERS];
      if (font === null || letters === undefined || font.type === STAND_IN) return false;
      // A pair of a letter and an accent has no code of its own.
      if (letters[originalCharCode] !== undefined || unicode.codePointAt(0) !== originalCharCode) return true;
      return hasEncodingFor(font, letters, originalCharCode);
    },
  };
}

/** Whether the names of a font's glyphs say that a code, which its own map leaves out, is the letter of that number. */
function hasEncodingFor(font: Font, letters: readonly unknown[], code: number): boolean {
  if (font.composite === true || code < 0x20) return false;
  const { differences = [], defaultEncoding = [] } = font;
  if (differences[code] !== undefined) return differences[code] === String(code) && areLetterCodes(differences);
  if (font.type === 'Type3' || (defaultEncoding[code] ?? '') === '') return false;
  // pdf.js assumes this encoding of symbols that name none. A map without any letter says as little as no map.
  const isAssumed = font.isSymbolicFont === true && defaultEncoding[0x80] === 'Adieresis';
  return !isAssumed || letters.length <= 0x20;
}

/** Names like "65" are letters' codes, unless they count the glyphs from 0 or 1. */
const areLetterCodes = (names: readonly (string | undefined)[]): boolean =>
  names.every((name, code) => name === undefined || code >= 0x20 || [0x09, 0x0a, 0x0d].includes(code));

function loadFont(page: PDFPageProxy, name: string | null): Font | null {
  if (name === null || !page.commonObjs.has(name)) return null;
  // In place of a font that it could not read, pdf.js has a message.
  const font: unknown = page.commonObjs.get(name);
  return typeof font === 'object' && font !== null && 'toUnicode' in font ? (font as Font) : null;
}
