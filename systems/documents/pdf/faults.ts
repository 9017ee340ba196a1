import { FailureError } from '#core/failures/failure.ts';

/** Why a document cannot be analysed. The codes are stable; their sentences may change. */
export const DOCUMENT_FAULTS = [
  'empty',
  'not-a-pdf',
  'truncated',
  'damaged',
  'password-protected',
  'portfolio',
  'dynamic-form',
  'too-large',
  'too-many-pages',
  'too-complex',
  'no-text',
  'partly-unreadable',
] as const;
export type DocumentFault = (typeof DOCUMENT_FAULTS)[number];

/**
 * Returns the permanent failure for a fault. Its reason is `<code>: <sentence>`, so that the code goes wherever the
 * reason goes.
 * @param sentence what is wrong and how to fix it; never contains text of the document
 */
export function documentFault(fault: DocumentFault, sentence: string, options?: ErrorOptions): FailureError {
  return new FailureError({ kind: 'permanent', reason: `${fault}: ${sentence}` }, options);
}

/** Splits a failure's reason into code and sentence. `fault` is null if the reason is not a document fault. */
export function parseFault(reason: string): { readonly fault: DocumentFault | null; readonly sentence: string } {
  const fault = DOCUMENT_FAULTS.find((fault) => reason.startsWith(`${fault}: `)) ?? null;
  return { fault, sentence: fault === null ? reason : reason.slice(fault.length + 2) };
}
