import { FailureError } from '#core/failures/failure.ts';
import { MAX_REQUEST_BYTES, maxDocumentBytes } from '#core/models/request-size.ts';
import { documentFault } from './faults.ts';

/** The limits of the Claude API (Claude documentation, "PDF support"): a PDF is part of a request of at most 32 MB. */
export const MAX_BYTES = maxDocumentBytes(MAX_REQUEST_BYTES);
export const MAX_PAGES = 600;

export const tooLarge = (size: number): Error =>
  documentFault(
    'too-large',
    `The file has ${megabytes(size)} MB. The model accepts at most ${megabytes(MAX_BYTES)} MB, because a PDF becomes a ` +
      'third larger in a request, which can have 32 MB. Reduce the size of its pictures, or split the file.',
  );

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

export const tooManyPages = (pages: number): Error =>
  documentFault(
    'too-many-pages',
    `The PDF has ${pages} pages. The model accepts at most ${MAX_PAGES}. Split the file.`,
  );

export const truncated = (): Error =>
  documentFault(
    'truncated',
    'The PDF is incomplete, for example after an interrupted transfer. Upload the complete file.',
  );

export const damaged = (cause?: unknown): Error =>
  documentFault(
    'damaged',
    'The PDF is damaged. Save it again in a PDF reader, or ask the sender for a new copy, and upload that.',
    { cause },
  );

export const portfolio = (): Error =>
  documentFault(
    'portfolio',
    'The PDF is a portfolio: its documents are attached files, and its page is only a cover. Open it in a PDF reader, save each attached file, and upload those.',
  );

export const dynamicForm = (): Error =>
  documentFault(
    'dynamic-form',
    'The PDF is a dynamic form (XFA): its content is not in its pages, and only Adobe Reader can show it. Print it to a new PDF there and upload that.',
  );

const passwordProtected = (): Error =>
  documentFault('password-protected', 'The PDF needs a password to open. Upload a copy saved without one.');

const forRecipients = (): Error =>
  documentFault(
    'password-protected',
    'The PDF is encrypted for certain recipients or in an unknown way. Upload a copy saved without protection.',
  );

/** The failure for an error of pdf.js. */
export function asFault(error: unknown): Error {
  if (error instanceof FailureError) return error;
  if (!(error instanceof Error)) return damaged(error);
  if (error.name === 'PasswordException') return passwordProtected();
  return /unknown (encryption method|crypto method)|unsupported encryption algorithm/i.test(error.message)
    ? forRecipients()
    : damaged(error);
}
