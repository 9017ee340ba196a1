import { z } from 'zod';
import { changedFileSchema, type ChangedFile } from './changed-file.ts';
import type { Hunk } from './hunk.ts';

/** What one task of a specialist reads: some files, or a part of a large one. */
export const unitSchema = z.array(changedFileSchema).min(1);
export type Unit = ChangedFile[];

/** Bytes of code that make one token, at most. */
const BYTES_PER_TOKEN = 3;
const OVERHEAD_TOKENS = 20;

const tokensOfText = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
export const tokensOfHunk = ({ lines, context }: Hunk): number =>
  OVERHEAD_TOKENS + lines.reduce((sum, line) => sum + tokensOfText(line) + 1, 0) + tokensOfText(context ?? '');
export const tokensOfFile = ({ path, hunks }: ChangedFile): number =>
  OVERHEAD_TOKENS + tokensOfText(path) + hunks.reduce((sum, hunk) => sum + tokensOfHunk(hunk), 0);

/**
 * Groups small files and cuts large ones at their hunks, so that no unit has more than `maxTokens`. A hunk that is
 * larger itself is cut between lines. The order of the files is kept.
 */
export function makeUnits(files: readonly ChangedFile[], maxTokens: number): Unit[] {
  const units: Unit[] = [];
  let open: Unit = [];
  let size = 0;
  for (const part of files.flatMap((file) => cutFile(file, maxTokens))) {
    const tokens = tokensOfFile(part);
    if (open.length > 0 && size + tokens > maxTokens) {
      units.push(open);
      [open, size] = [[], 0];
    }
    open.push(part);
    size += tokens;
  }
  return open.length > 0 ? [...units, open] : units;
}

/** The parts of a file, each within the limit. */
function cutFile(file: ChangedFile, maxTokens: number): ChangedFile[] {
  if (tokensOfFile(file) <= maxTokens) return [file];
  const room = maxTokens - tokensOfFile({ ...file, hunks: [] });
  const parts: Hunk[][] = [];
  let size = Infinity;
  for (const hunk of file.hunks.flatMap((whole) => cutHunk(whole, room))) {
    const tokens = tokensOfHunk(hunk);
    if (size + tokens > room) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(hunk);
    size += tokens;
  }
  return parts.map((hunks) => ({ ...file, hunks }));
}

function cutHunk(hunk: Hunk, room: number): Hunk[] {
  if (tokensOfHunk(hunk) <= room) return [hunk];
  const pieces: Hunk[] = [];
  let [oldStart, newStart] = [hunk.oldStart, hunk.newStart];
  let open: Hunk = { ...hunk, lines: [] };
  let size = tokensOfHunk(open);
  for (const line of hunk.lines) {
    const tokens = tokensOfText(line) + 1;
    if (open.lines.length > 0 && size + tokens > room) {
      pieces.push(open);
      // Only the first piece stands directly below the function's lines.
      open = { oldStart, newStart, context: null, lines: [] };
      size = OVERHEAD_TOKENS;
    }
    open.lines.push(line);
    size += tokens;
    if (!line.startsWith('+')) oldStart += 1;
    if (!line.startsWith('-')) newStart += 1;
  }
  return [...pieces, open];
}
