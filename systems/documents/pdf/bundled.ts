/**
 * What the bundle of a function that reads PDFs contains beside its module: the thread's program, what it loads with the first
 * protected PDF, and its CMaps.
 */
export const PDF_READER = {
  programs: {
    'pdf-reader.mjs': 'systems/documents/pdf/reader.worker.ts',
    'pdf-unprotect.mjs': 'systems/documents/pdf/unprotect.ts',
  },
  files: { 'cmaps.bin': { path: 'systems/documents/pdf/cmaps/cmaps.bin' } },
};
