import { handmade, stream } from './support.ts';

export interface Parts {
  /** Operators of the page, with fonts F1 (Helvetica) and F2 (`font`). */
  readonly content: string;
  /** Objects 7 and later: what `keys`, `catalog` or `font` refer to. */
  readonly others?: readonly string[];
  /** More keys of the page, such as `/Annots [7 0 R]`. */
  readonly keys?: string;
  /** More keys of the document's catalog. */
  readonly catalog?: string;
  /** Resources besides the fonts. */
  readonly resources?: string;
  readonly font?: string;
}

/** A PDF of one page, made of plain objects. */
export const onePage = (parts: Parts): Uint8Array =>
  handmade([
    `<< /Type /Catalog /Pages 2 0 R ${parts.catalog ?? ''} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R ${parts.keys ?? ''}
/Resources << /Font << /F1 4 0 R /F2 6 0 R >> ${parts.resources ?? ''} >> >>`,
    HELVETICA,
    stream(parts.content),
    parts.font ?? HELVETICA,
    ...(parts.others ?? []),
  ]);

const HELVETICA = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>';

export const words = (text: string, font = 'F1', y = 700): string => `BT /${font} 12 Tf 72 ${y} Td (${text}) Tj ET `;

/** The appearance of an annotation, with the font F1. */
export const appearance = (content: string): string =>
  stream(content, '/Type /XObject /Subtype /Form /BBox [0 0 200 60] /Resources << /Font << /F1 4 0 R >> >>');

/** Text in a simple font whose map names the letter of each code, in the order in which they are drawn. */
export function mappedText(text: string): Pick<Parts, 'content' | 'font' | 'others'> {
  const letters = Array.from(text);
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const utf16 = (letter: string): string => Buffer.from(letter, 'utf16le').swap16().toString('hex');
  const map = letters.map((letter, index) => `<${hex(index + 1, 2)}> <${utf16(letter)}>`).join('\n');
  const cmap = `/CIDInit /ProcSet findresource begin 12 dict begin begincmap
1 begincodespacerange <00> <ff> endcodespacerange
${letters.length} beginbfchar
${map}
endbfchar endcmap end end`;
  return {
    content: `BT /F2 12 Tf 72 600 Td <${letters.map((_, index) => hex(index + 1, 2)).join('')}> Tj ET`,
    font: `<< /Type /Font /Subtype /TrueType /BaseFont /Letters /FirstChar 0 /LastChar 255
/Widths [${'600 '.repeat(256)}] /ToUnicode 7 0 R >>`,
    others: [stream(cmap)],
  };
}
