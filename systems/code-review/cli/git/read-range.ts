import { existsSync } from 'node:fs';
import { wrongUsage } from '#cli/user-error.ts';
import type { ReadChange } from '../../change/about-change.ts';
import { guidanceFrom, GUIDANCE } from '../../change/guidance.ts';
import { kindOf } from '../../change/kinds.ts';
import { readBlobs } from './blobs.ts';
import { diffFiles } from './diff-files.ts';
import { gitOutput, runGit } from './run-git.ts';

/** A range of commits in a local repository. */
export interface Range {
  readonly repository: string;
  /** A branch, tag or commit, as the user gave it. */
  readonly base: string;
  readonly head: string;
}

/** The change of a range: what `head` adds since it left `base`. Its description has the commits' subjects, oldest first. */
export interface LocalChange extends ReadChange {
  /** The commit that the change is compared with. */
  readonly base: string;
  readonly head: string;
}

const MAX_COMMITS = 50;

/** Reads the change. Nothing of the repository is executed. Throws a `UserError` that names the option. */
export async function readRange({ repository, base, head }: Range, signal?: AbortSignal): Promise<LocalChange> {
  await requireRepository(repository, signal);
  const [baseCommit, headCommit] = [
    await commitOf(repository, '--base', base, signal),
    await commitOf(repository, '--head', head, signal),
  ];
  const from = await mergeBase(repository, baseCommit, headCommit, signal);
  const files = await diffFiles(repository, from, headCommit, signal);
  const paths = files.filter(({ status, hunks }) => status !== 'deleted' && hunks.length > 0).map(({ path }) => path);
  const log = ['log', '--reverse', '--no-color', '--no-show-signature', `--max-count=${MAX_COMMITS}`, '--format=%s'];
  const subjects = (await gitOutput(repository, [...log, `${from}..${headCommit}`, '--'], signal))
    .toString('utf8')
    .trim();
  const tree = await gitOutput(repository, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', headCommit], signal);
  return {
    base: from,
    head: headCommit,
    title: subjects.split('\n').at(-1) ?? '',
    description: subjects,
    files,
    contents: await readBlobs(repository, headCommit, paths, signal),
    guidance: await readGuidance(repository, from, signal),
    hasTests: tree
      .toString('utf8')
      .split('\0')
      .some((path) => kindOf(path) === 'test'),
  };
}

async function requireRepository(folder: string, signal?: AbortSignal): Promise<void> {
  if (!existsSync(folder))
    throw wrongUsage(`--repo: "${folder}" does not exist.`, 'Give the folder of a git repository.');
  const { code, stderr } = await runGit(folder, ['rev-parse', '--git-dir'], { signal });
  if (code === 0) return;
  if (stderr.includes('dubious ownership'))
    throw wrongUsage(
      `--repo: git does not read "${folder}", because it belongs to another user.`,
      'Review a copy that you own: git clone --no-hardlinks.',
    );
  throw wrongUsage(`--repo: "${folder}" is not a git repository.`, 'Give the folder of a git repository.');
}

/** The option's value can be no option of git, since it stands after --end-of-options. */
async function commitOf(folder: string, option: string, name: string, signal?: AbortSignal): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const { code, stdout } = await runGit(folder, args, { signal });
  const commit = stdout.toString('utf8').trim();
  if (code === 0 && /^[0-9a-f]{40,64}$/.test(commit)) return commit;
  throw wrongUsage(
    `${option}: the repository has no commit "${name}".`,
    'Give a branch, a tag or a commit: git branch --all lists branches.',
  );
}

/**
 * The commit where two commits parted. Null when they have none in common, or the repository lacks one of them.
 * @param base and head are full names of commits
 */
export async function findMergeBase(
  folder: string,
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const { code, stdout } = await runGit(folder, ['merge-base', base, head], { signal });
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

async function mergeBase(folder: string, base: string, head: string, signal?: AbortSignal): Promise<string> {
  const found = await findMergeBase(folder, base, head, signal);
  if (found !== null) return found;
  throw wrongUsage(
    '--base and --head have no commit in common.',
    'Give a base that the head was branched from. A shallow clone may lack it: git fetch --unshallow.',
  );
}

async function readGuidance(folder: string, commit: string, signal?: AbortSignal): Promise<string | null> {
  const found = await readBlobs(folder, commit, GUIDANCE, signal);
  return guidanceFrom(GUIDANCE.flatMap((path) => found.get(path) ?? []));
}
