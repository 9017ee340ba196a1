import { takeVerdict } from './inflate-watch.ts';
import type { Limits } from './limits.ts';
import { lookAtPages } from './look-at-pages.ts';
import { noText, partlyUnreadable, type PageNote } from './page-flaws.ts';
import { withDocument } from './pdf-js.ts';
import { withoutProtection } from './protection.ts';
import { readPages } from './read-pages.ts';
import { asFault, damaged } from './rejections.ts';
import { checkData } from './unpacked.ts';

/** What a PDF says. */
export interface Reading {
  /** The text of each page, in order; page 1 is `pages[0]`. It includes what fields, stamps and signatures show. */
  readonly pages: readonly string[];
  /** Pages (from 1) that only show their text: scans, and text in fonts that do not say which letters it has. */
  readonly unread: readonly number[];
  /** What may be missing from the text of pages that were read. */
  readonly notes: readonly PageNote[];
  /** A copy without protection, if the file is protected against changes only. */
  readonly unprotected: Uint8Array | null;
}

export interface ReadSettings {
  readonly limits: Limits;
  /** Whether pages that only show their text are returned as `unread`, and not rejected. */
  readonly acceptScans: boolean;
}

/** Reads a PDF. Throws a permanent `FailureError` with the fault and its remedy. To be called in a thread of its own. */
export async function readDocument(bytes: Uint8Array, settings: ReadSettings): Promise<Reading> {
  takeVerdict();
  const read = await withDocument(bytes, { stopAtErrors: true }, (document) =>
    readPages(document, bytes, settings.limits),
  ).catch((error: unknown) => {
    throw asFault(error);
  });
  checkData(takeVerdict());
  // The second pass skips the pictures, which pdf.js would decode at great cost.
  const { pages, flaws, notes, hasDrawings } = await withDocument(bytes, { maxImageSize: 0 }, (document) =>
    lookAtPages(document, read, settings.limits),
  );
  checkData(takeVerdict());
  if (flaws.length === pages.length && flaws.every(({ kind }) => kind === 'damaged')) throw damaged();
  const unread = settings.acceptScans ? flaws.filter(({ kind }) => kind !== 'damaged').map(({ page }) => page) : [];
  const left = flaws.filter(({ page }) => !unread.includes(page));
  const flawed = new Set(left.map(({ page }) => page));
  const isEmpty = (text: string, index: number): boolean => text.trim() === '' || flawed.has(index + 1);
  if (unread.length === 0 && pages.every(isEmpty)) throw noText(left, hasDrawings);
  if (left.length > 0) throw partlyUnreadable(left, pages.length);
  return { pages, unread, notes, unprotected: read.isEncrypted ? await withoutProtection(bytes, pages.length) : null };
}
