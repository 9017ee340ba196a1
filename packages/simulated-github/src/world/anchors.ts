import { findLine, hunkUpTo, positionOf, type Side } from '../git/hunks.ts';
import type { DiffFile } from '../git/diff.ts';
import { pullFiles } from './diffs.ts';
import type { Anchor, PullRequest, ReviewComment } from './types.ts';

export interface WantedAnchor {
  readonly path: string;
  readonly line: number;
  readonly side: Side;
  readonly startLine: number | undefined;
  readonly startSide: Side | undefined;
}

/** Why a comment cannot be placed. */
export type AnchorProblem = 'path' | 'line' | 'start-order' | 'start-line';

export interface PlacedAnchor {
  readonly anchor: Anchor;
  readonly diffHunk: string;
}

/** Places a comment in a diff: its line must be in a hunk, and its first line earlier in the same hunk. */
export function placeAnchor(files: readonly DiffFile[], wanted: WantedAnchor): PlacedAnchor | AnchorProblem {
  const file = files.find(({ filename }) => filename === wanted.path);
  if (file === undefined) return 'path';
  const { line, side, startLine } = wanted;
  const startSide = wanted.startSide ?? side;
  if (startLine !== undefined && startSide === side && startLine >= line) return 'start-order';
  const hunks = file.patch === undefined ? [] : file.hunks;
  const found = findLine(hunks, side, line);
  if (found === undefined) return 'line';
  if (startLine !== undefined) {
    const start = findLine([found.hunk], startSide, startLine);
    if (start === undefined) return 'start-line';
    if (start.index >= found.index) return 'start-order';
  }
  const start = startLine === undefined ? { startLine: null, startSide: null } : { startLine, startSide };
  const anchor = { side, line, ...start, position: positionOf(hunks, found) };
  return { anchor, diffHunk: hunkUpTo(found.hunk, found.index) };
}

/** Finds the comments of a pull request in its present diff. A comment whose line changed or left the diff is outdated. */
export async function relocate(pull: PullRequest): Promise<void> {
  const files = await pullFiles(pull);
  const originals = new Map<string, readonly DiffFile[]>();
  for (const comment of pull.comments.values()) {
    const { original, originalCommit } = comment;
    if (original === null) continue;
    const then = originals.get(originalCommit) ?? (await pullFiles(pull, originalCommit));
    originals.set(originalCommit, then);
    comment.current = relocateOne(comment, then, files);
  }
}

function relocateOne(comment: ReviewComment, then: readonly DiffFile[], now: readonly DiffFile[]): Anchor | null {
  const { original, path } = comment;
  const before = then.find(({ filename }) => filename === path)?.hunks ?? [];
  const after = now.find(({ filename, previous }) => filename === path || previous === path)?.hunks ?? [];
  if (original === null) return null;
  const found = findLine(before, original.side, original.line);
  const text = found?.hunk.lines[found.index]?.text;
  const same = after.flatMap((hunk) =>
    hunk.lines.flatMap((line) => {
      const number = original.side === 'LEFT' ? line.left : line.right;
      return line.text === text && number !== undefined ? [number] : [];
    }),
  );
  // The nearest line with the same text is where the code moved to.
  const [line] = same.sort((a, b) => Math.abs(a - original.line) - Math.abs(b - original.line));
  const place = line === undefined ? undefined : findLine(after, original.side, line);
  if (line === undefined || place === undefined) return null;
  const startLine = original.startLine === null ? null : original.startLine + line - original.line;
  return { ...original, line, startLine, position: positionOf(after, place) };
}
