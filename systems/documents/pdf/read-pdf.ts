import { documentFault } from './faults.ts';
import { describeFile, hasPdfHeader } from './file-kind.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Reading } from './read-document.ts';
import { readInThread } from './reader-thread.ts';
import { MAX_BYTES, tooLarge, truncated } from './rejections.ts';
import { isCutOff } from './structure.ts';

/** The text layer of a PDF. */
export interface PdfText extends Omit<Reading, 'unprotected'> {
  /** UTF-8 bytes of the whole text. */
  readonly textBytes: number;
  /** The file, or a copy without its protection. */
  readonly bytes: Uint8Array;
}

export interface ReadOptions {
  /** @default one minute, 12 seconds of a processor, 300 MB of memory, 5,000,000 characters of text */
  readonly limits?: Partial<Limits>;
  /** Whether to accept pages that only show their text, and name them. @default false: they are rejected */
  readonly acceptScans?: boolean;
}

/**
 * Reads the text of a PDF, page by page. Throws a permanent `FailureError` with the fault and its remedy unless every
 * page is blank or readable, because half a contract is worse than none. A short contract takes about 10 ms of CPU.
 */
export async function readPdf(bytes: Uint8Array, options: ReadOptions = {}): Promise<PdfText> {
  checkBytes(bytes);
  const { limits, acceptScans = false } = options;
  const { unprotected, ...reading } = await readInThread(bytes, { limits: { ...LIMITS, ...limits }, acceptScans });
  const textBytes = reading.pages.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { ...reading, textBytes, bytes: unprotected ?? bytes };
}

/** Throws the faults that show in the bytes. pdf.js would miss them or describe them worse. */
function checkBytes(bytes: Uint8Array): void {
  if (bytes.byteLength === 0) throw documentFault('empty', 'The file is empty (0 bytes). Upload the document again.');
  if (bytes.byteLength > MAX_BYTES) throw tooLarge(bytes.byteLength);
  if (!hasPdfHeader(bytes)) {
    throw documentFault(
      'not-a-pdf',
      `The file is ${describeFile(bytes)}, not a PDF. Save it as a PDF and upload that.`,
    );
  }
  if (isCutOff(bytes)) throw truncated();
}
