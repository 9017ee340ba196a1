import { parsePatch, type StructuredPatch } from 'diff';
import type { DiffedFile } from './changed-file.ts';
import type { Hunk } from './hunk.ts';

/** Git's mode of a link to a commit of another repository. */
const SUBMODULE = '160000';

/**
 * Parses the output of `git diff` with the prefixes `a/` and `b/`. A file whose type changes has two entries, as in the
 * diff. A file whose part cannot be read is marked, and the others are read. Throws an `Error` for text that is not a diff.
 */
export const parseDiff = (text: string): DiffedFile[] => text.split(/\n(?=diff --git )/).flatMap(parseFile);

const HEADER = 'diff --git ';

/** Parses one file. Each line of its content begins with another character than its header. */
function parseFile(text: string): DiffedFile[] {
  if (!text.startsWith(HEADER)) return parsePatch(text).flatMap(diffedFile);
  const files = parsed(text);
  if (files !== null && files.length > 0) return files;
  const [header = ''] = text.split('\n@@ ', 1);
  const [known] = parsed(header) ?? [];
  const [names = ''] = text.split('\n', 1);
  return [{ ...(known ?? unknownFile(names.slice(HEADER.length))), isUnreadable: true }];
}

function parsed(text: string): DiffedFile[] | null {
  try {
    return parsePatch(text).flatMap(diffedFile);
  } catch {
    return null;
  }
}

/** A file of which only the line with its names is known. */
const unknownFile = (path: string): DiffedFile => ({
  path,
  status: 'modified',
  hunks: [],
  isBinary: false,
  isSubmodule: false,
  added: 0,
  removed: 0,
});

/** Parses the hunks of one file, as GitHub's field `patch` has them. Null when it is not readable. */
export function parsePatchOf(patch: string): Hunk[] | null {
  try {
    return parsePatch(`--- a\n+++ b\n${patch}\n`).flatMap(hunksOf);
  } catch {
    return null;
  }
}

const hunksOf = ({ hunks }: StructuredPatch): Hunk[] =>
  hunks.map(({ oldStart, newStart, lines }) => ({
    oldStart,
    newStart,
    context: null,
    lines: lines.filter((line) => !line.startsWith('\\')),
  }));

function diffedFile(patch: StructuredPatch): DiffedFile[] {
  const [oldPath, newPath] = [pathOf(patch.oldFileName, 'a/'), pathOf(patch.newFileName, 'b/')];
  const path = newPath ?? oldPath;
  if (path === null) return [];
  const hunks = hunksOf(patch);
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const { oldMode, newMode } = patch;
  const isRenamed = oldPath !== null && newPath !== null && oldPath !== newPath;
  return [
    {
      path,
      ...(isRenamed && { oldPath }),
      status: statusOf(patch, isRenamed),
      hunks,
      isBinary: patch.isBinary === true,
      isSubmodule: [oldMode, newMode].includes(SUBMODULE) || isSubproject(lines),
      ...(oldMode !== undefined && newMode !== undefined && { modes: { old: oldMode, new: newMode } }),
      ...countLines(lines),
    },
  ];
}

export const countLines = (lines: readonly string[]): { readonly added: number; readonly removed: number } => ({
  added: lines.filter((line) => line.startsWith('+')).length,
  removed: lines.filter((line) => line.startsWith('-')).length,
});

/** A submodule that moves to another commit has no mode in the diff that the library keeps, only this line. */
export const isSubproject = (lines: readonly string[]): boolean =>
  lines.length > 0 && lines.every((line) => /^[-+]Subproject commit [0-9a-f]{40,64}(?:-dirty)?$/.test(line));

function statusOf({ isCreate, isDelete, isCopy }: StructuredPatch, isRenamed: boolean): DiffedFile['status'] {
  if (isCreate === true || isCopy === true) return 'added';
  if (isDelete === true) return 'deleted';
  return isRenamed ? 'renamed' : 'modified';
}

function pathOf(name: string | undefined, prefix: string): string | null {
  if (name === undefined || name === '/dev/null') return null;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
