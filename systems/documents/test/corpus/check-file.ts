import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '#core/failures/failure.ts';
import { parseFault } from '../../pdf/faults.ts';
import { noteSentences } from '../../pdf/page-flaws.ts';
import { readPdf } from '../../pdf/read-pdf.ts';

/** What became of a file. `incomplete`: it was accepted with less than half its text. */
export interface Checked {
  readonly file: string;
  readonly status: 'accepted' | 'incomplete' | 'rejected' | 'crashed';
  readonly reason?: string;
  /** Letters read divided by those of pdftotext. Null without text, for a rejected file, or without pdftotext. */
  readonly coverage: number | null;
  /** Warnings that its analysis would carry: what may be missing from the text. */
  readonly notes?: readonly string[];
}

/** Coverage below which an accepted file is incomplete. */
const ENOUGH = 0.5;
/** With fewer letters, a page number decides. */
const MIN_LETTERS = 20;

export const hasPdfToText = (): boolean => spawnSync('pdftotext', ['-v']).error === undefined;

/** Reads a file as the contract analyst does. */
export async function checkFile(folder: string, file: string): Promise<Checked> {
  const path = join(folder, file);
  try {
    const read = await readPdf(new Uint8Array(readFileSync(path)));
    const coverage = coverageOf(read.pages.join('\n'), path);
    const isWhole = coverage === null || coverage >= ENOUGH;
    const notes = noteSentences(read.notes);
    return { file, status: isWhole ? 'accepted' : 'incomplete', coverage, ...(notes.length > 0 && { notes }) };
  } catch (error) {
    if (!(error instanceof FailureError)) return { file, status: 'crashed', reason: String(error), coverage: null };
    const { fault } = parseFault(error.failure.reason);
    return { file, status: 'rejected', reason: fault ?? error.failure.reason, coverage: null };
  }
}

function coverageOf(text: string, path: string): number | null {
  const { stdout, error } = spawnSync('pdftotext', ['-enc', 'UTF-8', path, '-'], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 256 * 1_024 * 1_024,
  });
  if (error) return null;
  const expected = letters(stdout);
  return expected < MIN_LETTERS ? null : Math.round((letters(text) / expected) * 1_000) / 1_000;
}

const letters = (text: string): number => text.normalize('NFKC').match(/[\p{L}\p{N}]/gu)?.length ?? 0;
