import { join } from 'node:path';
import type { DiffedFile } from '../../change/changed-file.ts';
import { parseDiff } from '../../change/parse-diff.ts';
import { readBlobs } from './blobs.ts';
import { gitOutput } from './run-git.ts';

const DIFF = [
  'diff',
  '--patch',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--find-renames',
  '--full-index',
  '--unified=3',
  '--inter-hunk-context=0',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
  '--ignore-submodules=none',
];

/** Files whose contents are read at once: together they must fit what a git command may return. */
const CHUNK = 50;

/** The changed files between two commits. Names of commits are in full. */
export async function diffFiles(
  folder: string,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<readonly DiffedFile[]> {
  const diff = await gitOutput(folder, [...DIFF, from, to, '--'], signal);
  const files = parseDiff(diff.toString('utf8'));
  const shown = new Map<string, DiffedFile>();
  const binary = files.filter(({ isBinary }) => isBinary);
  for (let at = 0; at < binary.length; at += CHUNK) {
    for (const file of await hidden(folder, from, to, binary.slice(at, at + CHUNK), signal))
      shown.set(keyOf(file), file);
  }
  return files.map((file) => shown.get(keyOf(file)) ?? file);
}

const keyOf = ({ path, status }: DiffedFile): string => `${status} ${path}`;

/**
 * Shows files that git calls binary although they are text. An attribute (`*.js -diff`) or a setting of the repository says
 * so, and a change can bring the attribute itself: it must not hide its own source. Attributes outrank every setting of
 * the command but `--text`, in all versions of git.
 */
async function hidden(
  folder: string,
  from: string,
  to: string,
  files: readonly DiffedFile[],
  signal?: AbortSignal,
): Promise<readonly DiffedFile[]> {
  const oldPathOf = ({ path, oldPath }: DiffedFile): string => oldPath ?? path;
  const before = await readBlobs(folder, from, files.filter(({ status }) => status !== 'added').map(oldPathOf), signal);
  const after = files.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
  const [now, text] = [await readBlobs(folder, to, after, signal), new Set<string>()];
  for (const file of files) {
    const wasText = file.status === 'added' || before.has(oldPathOf(file));
    const isText = file.status === 'deleted' || now.has(file.path);
    if (wasText && isText) text.add(file.path).add(oldPathOf(file));
  }
  if (text.size === 0) return [];
  const diff = await gitOutput(await topOf(folder, signal), [...DIFF, '--text', from, to, '--', ...text], signal);
  return parseDiff(diff.toString('utf8')).filter(({ isBinary }) => !isBinary);
}

/** The folder that paths of a diff begin at: they are arguments of git here, which counts from the folder it runs in. */
async function topOf(folder: string, signal?: AbortSignal): Promise<string> {
  const up = await gitOutput(folder, ['rev-parse', '--show-cdup'], signal);
  return join(folder, up.toString('utf8').trim());
}
