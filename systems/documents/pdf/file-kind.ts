/** How far into a file viewers look for `%PDF-` (ISO 32000-1, Annex H.3, implementation note 13). */
const HEADER_REACH = 1_024;

export function hasPdfHeader(bytes: Uint8Array): boolean {
  return latin1(bytes, HEADER_REACH).includes('%PDF-');
}

/** The first bytes of a file, one character per byte, and what its first 64 KiB contain. The first match wins. */
const SIGNATURES: readonly { readonly start: string; readonly contains?: string; readonly name: string }[] = [
  { start: '\x89PNG\r\n', name: 'a PNG image' },
  { start: '\xff\xd8\xff', name: 'a JPEG image' },
  { start: 'GIF8', name: 'a GIF image' },
  { start: 'II*\0', name: 'a TIFF image' },
  { start: 'MM\0*', name: 'a TIFF image' },
  { start: 'RIFF', contains: 'WEBP', name: 'a WebP image' },
  { start: '\0\0\0', contains: 'ftyphei', name: 'a HEIC photo' },
  { start: '\xd0\xcf\x11\xe0', name: 'an old Office document (.doc, .xls or .msg)' },
  { start: 'PK\x03\x04', contains: 'word/', name: 'a Word document (.docx)' },
  { start: 'PK\x03\x04', contains: 'xl/', name: 'an Excel workbook (.xlsx)' },
  { start: 'PK\x03\x04', contains: 'ppt/', name: 'a PowerPoint presentation (.pptx)' },
  { start: 'PK\x03\x04', contains: 'vnd.oasis.opendocument', name: 'an OpenDocument file' },
  { start: 'PK', name: 'a ZIP archive' },
  { start: '{\\rtf', name: 'an RTF document' },
  { start: '\x1f\x8b', name: 'a gzip archive' },
  { start: '%!PS', name: 'a PostScript file' },
];

const MARKUP = /^\s*(<!--[\s\S]*?-->\s*)?<(!doctype html|html|head|body)\b/i;
const MAIL = /^(From|Received|Return-Path|Delivered-To|MIME-Version): /;

/** Describes a file that is not a PDF: "a PNG image", "plain text", "unknown data". */
export function describeFile(bytes: Uint8Array): string {
  const head = latin1(bytes, 64 * 1_024);
  const known = SIGNATURES.find(({ start, contains = '' }) => head.startsWith(start) && head.includes(contains));
  if (known) return known.name;
  const text = decode(bytes.subarray(0, 4_096));
  if (text === null) return 'unknown data';
  if (MARKUP.test(text)) return 'an HTML page';
  if (/^\s*<\?xml/.test(text)) return 'an XML file';
  return MAIL.test(text) ? 'an e-mail message' : 'plain text';
}

/** Decodes UTF-16 if the bytes have its byte order mark, otherwise UTF-8. Returns null if they are not text. */
function decode(bytes: Uint8Array): string | null {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    // As a stream, because the cut may split a character.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return /[[\p{Cc}]--[\t\n\v\f\r]]/v.test(text) ? null : text;
  } catch {
    return null;
  }
}

const latin1 = (bytes: Uint8Array, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.byteLength)).toString('latin1');
