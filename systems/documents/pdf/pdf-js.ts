import { getDocument, type PDFDocumentProxy } from 'unpdf/pdfjs';
import { predefinedCMap } from './cmaps/cmaps.ts';

export interface OpenOptions {
  /** Whether an error in a page's content fails the page. Otherwise pdf.js reads what it can. */
  readonly stopAtErrors?: boolean;
  /** Skips pictures with more pixels before it decodes them. */
  readonly maxImageSize?: number;
}

/** Opens the PDF, passes it to `use` and always closes it. Throws the error of pdf.js if it cannot be opened. */
export async function withDocument<Result>(
  bytes: Uint8Array,
  how: OpenOptions,
  use: (document: PDFDocumentProxy) => Promise<Result>,
): Promise<Result> {
  const task = getDocument({
    // A copy, because pdf.js takes over the buffer.
    data: bytes.slice(),
    // No drawing, fetching, eval or console output.
    disableFontFace: true,
    useSystemFonts: true,
    useWasm: false,
    isEvalSupported: false,
    disableRange: true,
    disableStream: true,
    disableAutoFetch: true,
    verbosity: 0,
    // The maps from character codes to letters, which CJK fonts name instead of containing them.
    BinaryDataFactory: PackedData,
    useWorkerFetch: false,
    cMapUrl: './',
    cMapPacked: true,
    // Tells which letters a font's codes are, see page-drawing.ts.
    fontExtraProperties: true,
    ...how,
  });
  try {
    return await use(await task.promise);
  } finally {
    await task.destroy();
  }
}

/** Where pdf.js finds its CMaps. It asks for standard fonts too, but only to draw. */
class PackedData {
  fetch({ kind, filename }: { readonly kind: string; readonly filename: string }): Promise<Uint8Array> {
    const data = kind === 'cMapUrl' ? predefinedCMap(filename) : undefined;
    return data ? Promise.resolve(data) : Promise.reject(new Error(`No file ${filename}`));
  }
}
