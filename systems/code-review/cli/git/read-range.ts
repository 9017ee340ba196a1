import { existsSync } from 'node:fs';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import type { ReadChange } from '../../change/about-change.ts';
import type { DiffedFile } from '../../change/changed-file.ts';
import { guidanceFrom, GUIDANCE } from '../../change/guidance.ts';
import { kindOf } from '../../change/kinds.ts';
import { parseDiff } from '../../change/parse-diff.ts';
import { readBlobs } from './blobs.ts';
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

/** Reads the change. Nothing of the repository is executed. Throws a `UserError` that names the option. */
export async function readRange({ repository, base, head }: Range, signal?: AbortSignal): Promise<LocalChange> {
  await requireRepository(repository);
  const [baseCommit, headCommit] = [
    await commitOf(repository, '--base', base),
    await commitOf(repository, '--head', head),
  ];
  const from = await mergeBase(repository, baseCommit, headCommit);
  const diff = await gitOutput(repository, [...DIFF, from, headCommit, '--'], signal);
  const files = parsed(diff.toString('utf8'));
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

function parsed(diff: string): DiffedFile[] {
  try {
    return parseDiff(diff);
  } catch (error) {
    const { message } = error as Error;
    throw new UserError(
      `The diff of the range cannot be read: ${message}`,
      'Review a smaller range to find the file.',
      3,
    );
  }
}

async function requireRepository(folder: string): Promise<void> {
  if (!existsSync(folder))
    throw wrongUsage(`--repo: "${folder}" does not exist.`, 'Give the folder of a git repository.');
  const { code, stderr } = await runGit(folder, ['rev-parse', '--git-dir']);
  if (code === 0) return;
  if (stderr.includes('dubious ownership'))
    throw wrongUsage(
      `--repo: git does not read "${folder}", because it belongs to another user.`,
      'Review a copy that you own: git clone --no-hardlinks.',
    );
  throw wrongUsage(`--repo: "${folder}" is not a git repository.`, 'Give the folder of a git repository.');
}

/** The option's value can be no option of git, since it stands after --end-of-options. */
async function commitOf(folder: string, option: string, name: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
  const { code, stdout } = await runGit(folder, args);
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
export async function findMergeBase(folder: string, base: string, head: string): Promise<string | null> {
  const { code, stdout } = await runGit(folder, ['merge-base', base, head]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

async function mergeBase(folder: string, base: string, head: string): Promise<string> {
  const found = await findMergeBase(folder, base, head);
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
