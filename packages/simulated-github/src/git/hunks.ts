export type Side = 'LEFT' | 'RIGHT';

/** One line of a patch, with its number on each side that has it. */
export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed';
  readonly left: number | undefined;
  readonly right: number | undefined;
  readonly text: string;
  /** The file's last line has no line feed. */
  readonly noNewline: boolean;
}

export interface Hunk {
  /** The line that begins with `@@`. */
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

const HEADER = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

/** Parses a file's patch, which consists of hunks only. */
export function parseHunks(patch: string): Hunk[] {
  const hunks: { header: string; lines: DiffLine[] }[] = [];
  let [left, right] = [0, 0];
  for (const line of patch.split('\n')) {
    const header = HEADER.exec(line);
    const lines = hunks.at(-1)?.lines;
    if (header !== null) {
      [left, right] = [Number(header[1]), Number(header[2])];
      hunks.push({ header: line, lines: [] });
    } else if (line.startsWith('\\')) {
      const last = lines?.pop();
      if (last !== undefined) lines?.push({ ...last, noNewline: true });
    } else if (lines !== undefined && line !== '') {
      const text = line.slice(1);
      if (line.startsWith('+')) lines.push({ kind: 'added', left: undefined, right: right++, text, noNewline: false });
      else if (line.startsWith('-'))
        lines.push({ kind: 'removed', left: left++, right: undefined, text, noNewline: false });
      else lines.push({ kind: 'context', left: left++, right: right++, text, noNewline: false });
    }
  }
  return hunks;
}

const numberOn = (line: DiffLine, side: Side): number | undefined => (side === 'LEFT' ? line.left : line.right);

/** Finds the hunk that shows a line, and the line's index in it. */
export function findLine(hunks: readonly Hunk[], side: Side, line: number): { hunk: Hunk; index: number } | undefined {
  for (const hunk of hunks) {
    const index = hunk.lines.findIndex((each) => numberOn(each, side) === line);
    if (index >= 0) return { hunk, index };
  }
  return undefined;
}

const SIGN = { context: ' ', added: '+', removed: '-' } as const;

/** The part of a hunk that GitHub shows above a comment: its header and the lines up to the commented one. */
export function hunkUpTo(hunk: Hunk, index: number): string {
  return [hunk.header, ...hunk.lines.slice(0, index + 1).map(({ kind, text }) => `${SIGN[kind]}${text}`)].join('\n');
}

/** The number of lines below a file's first hunk header, which is how GitHub counts a `position`. */
export function positionOf(hunks: readonly Hunk[], found: { hunk: Hunk; index: number }): number {
  let before = 0;
  for (const hunk of hunks) {
    if (hunk === found.hunk) break;
    before += hunk.lines.length + 1;
  }
  return before + found.index + 1;
}
