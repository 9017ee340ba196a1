import { FailureError } from '#core/failures/failure.ts';

/** Why a document can't be analysed, as codes that stay the same while the sentences may change. */
export const DOCUMENT_FAULTS = [
  'empty',
  'not-a-pdf',
  'truncated',
  'damaged',
  'password-protected',
  'too-large',
  'too-many-pages',
  'too-complex',
  'no-text',
  'partly-unreadable',
] as const;
export type DocumentFault = (typeof DOCUMENT_FAULTS)[number];

/**
 * The permanent failure for a fault. Its reason reads `<code>: <sentence>`, so that the code travels wherever the
 * reason does.
 * @param sentence what is wrong and, after a colon, the remedy; never holds document text
 */
export function documentFault(fault: DocumentFault, sentence: string, options?: ErrorOptions): FailureError {
  return new FailureError({ kind: 'permanent', reason: `${fault}: ${sentence}` }, options);
}

/** Takes a failure's reason apart again; `fault` is null when the reason is not one of a document's. */
export function parseFault(reason: string): { readonly fault: DocumentFault | null; readonly sentence: string } {
  const fault = DOCUMENT_FAULTS.find((fault) => reason.startsWith(`${fault}: `)) ?? null;
  return { fault, sentence: fault === null ? reason : reason.slice(fault.length + 2) };
}
