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

/** Units, and the files for which there was no room in them. */
export interface Units<File> {
  readonly units: Unit[];
  readonly over: readonly File[];
}

/**
 * Groups small files and cuts large ones at their hunks, so that no unit has more than `maxTokens`. A hunk that is
 * larger itself is cut between lines. The order of the files is kept. A file with which there would be more than `maxUnits`
 * is left out as a whole, so that no file is read in part.
 */
export function makeUnits<File extends ChangedFile>(
  files: readonly File[],
  maxTokens: number,
  maxUnits = Infinity,
): Units<File> {
  const over: File[] = [];
  let packed: Packed = { full: [], open: [], size: 0 };
  for (const file of files) {
    const next = cutFile(file, maxTokens).reduce((so, part) => withPart(so, part, maxTokens), packed);
    if (next.full.length + 1 > maxUnits) over.push(file);
    else packed = next;
  }
  const { full, open } = packed;
  return { units: open.length > 0 ? [...full, open] : [...full], over };
}

interface Packed {
  readonly full: readonly Unit[];
  /** The unit that may take more, and its tokens. */
  readonly open: Unit;
  readonly size: number;
}

function withPart({ full, open, size }: Packed, part: ChangedFile, maxTokens: number): Packed {
  const tokens = tokensOfFile(part);
  if (open.length > 0 && size + tokens > maxTokens) return { full: [...full, open], open: [part], size: tokens };
  return { full, open: [...open, part], size: size + tokens };
}

/** The parts of a file, each within the limit. */
function cutFile(whole: ChangedFile, maxTokens: number): ChangedFile[] {
  const { path, oldPath, status, hunks } = whole;
  const file = { path, ...(oldPath !== undefined && { oldPath }), status, hunks };
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
