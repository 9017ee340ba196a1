import { parseHunks, type Hunk } from './hunks.ts';
import { git } from './run.ts';

/** GitHub's limits on a diff: https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits */
export const MAX_DIFF_LINES = 20_000;
export const MAX_DIFF_BYTES = 1_000_000;
export const MAX_FILE_DIFF_BYTES = 500_000;

export type FileStatus = 'added' | 'removed' | 'modified' | 'renamed' | 'changed';

/** A file of a diff, as `GET …/pulls/{n}/files` lists it. */
export interface DiffFile {
  readonly filename: string;
  readonly previous: string | undefined;
  readonly status: FileStatus;
  /** The blob at head, at base for a removed file, and the commit of a submodule. */
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** The hunks as text. Undefined for a binary file, a file without changed lines, and beyond GitHub's limits. */
  readonly patch: string | undefined;
  /** The hunks as git made them, even where `patch` is left out. */
  readonly hunks: readonly Hunk[];
}

const OPTIONS = ['--no-color', '--no-ext-diff', '--no-textconv', '--full-index', '--find-renames', '-l3000'];

/** Compares two commits or trees. The files are in the order of their paths. */
export async function diffFiles(folder: string, from: string, to: string): Promise<DiffFile[]> {
  const command = ['-c', 'core.quotePath=false', 'diff', ...OPTIONS];
  const [raw, text] = await Promise.all([
    git(folder, [...command, '--raw', '--no-abbrev', '-z', from, to, '--']),
    git(folder, [...command, '--patch', from, to, '--']),
  ]);
  const sections = splitSections(text.toString());
  let [next, lines, bytes] = [0, 0, 0];
  return parseRaw(raw.toString()).map((entry) => {
    // A type change, such as a file that becomes a link, has two sections: one removes, one adds.
    const own = sections.slice(next, (next += entry.letter === 'T' ? 2 : 1));
    const whole = own.map(hunksOf).filter(Boolean).join('\n');
    const hunks = parseHunks(whole);
    const count = (kind: 'added' | 'removed'): number =>
      hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.kind === kind).length, 0);
    lines += hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
    bytes += Buffer.byteLength(whole);
    const shown = Buffer.byteLength(whole) <= MAX_FILE_DIFF_BYTES && lines <= MAX_DIFF_LINES && bytes <= MAX_DIFF_BYTES;
    const { letter: _, ...file } = entry;
    const patch = whole === '' || !shown ? undefined : whole;
    return { ...file, additions: count('added'), deletions: count('removed'), patch, hunks };
  });
}

/** The whole diff as text, as the media type `application/vnd.github.diff` shows it. */
export const diffText = async (folder: string, from: string, to: string): Promise<Buffer> =>
  git(folder, ['diff', ...OPTIONS, '--patch', from, to, '--']);

/**
 * Lines of a hunk begin with a space, a sign or a backslash, so a section's first line is found for certain. Only a line
 * feed ends a line: `^` would also match after a carriage return within one.
 */
const splitSections = (text: string): string[] => text.split(/(?<=\n)(?=diff --git )/).filter((part) => part !== '');

function hunksOf(section: string): string {
  const start = section.indexOf('\n@@ ');
  return start < 0 ? '' : section.slice(start + 1).replace(/\n$/, '');
}

interface RawEntry extends Pick<DiffFile, 'filename' | 'previous' | 'status' | 'sha'> {
  readonly letter: string;
}

const STATUS: Readonly<Record<string, FileStatus>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

/** Parses `:mode mode sha sha letter NUL path NUL [path NUL]`. */
function parseRaw(raw: string): RawEntry[] {
  const fields = raw.split('\0');
  const entries: RawEntry[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [, , before = '', after = '', code = ''] = (fields[index] ?? '').split(' ');
    const letter = code.slice(0, 1);
    const path = fields[index + 1] ?? '';
    const renamed = letter === 'R';
    if (renamed) index += 1;
    entries.push({
      letter,
      status: STATUS[letter] ?? 'changed',
      sha: letter === 'D' ? before : after,
      filename: renamed ? (fields[index + 1] ?? '') : path,
      previous: renamed ? path : undefined,
    });
  }
  return entries;
}
