import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createCommit, type FileContent } from '../git/commit.ts';
import { isBranchName, isSha } from '../git/names.ts';
import { git, gitMaybe } from '../git/run.ts';
import type { Repository } from './types.ts';
import type { World } from './world.ts';

export interface NewRepository {
  /** @default 'octo-org' */
  readonly owner?: string;
  readonly name: string;
  /** @default 'main' */
  readonly defaultBranch?: string;
  /** Files of the first commit. Without `files`, `from` and `forkOf` the repository is empty. */
  readonly files?: Readonly<Record<string, FileContent>>;
  /** Folder of a local git repository whose branches are copied. It is only read. */
  readonly from?: string;
  /** With `from`: the branches to make, and the commits of that repository at which they begin, in full. @default its branches */
  readonly commits?: Readonly<Record<string, string>>;
  /** Full name of the repository to fork. */
  readonly forkOf?: string;
  /** Whether the app is installed on it. @default true, and false for a fork */
  readonly installed?: boolean;
}

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;
/** First parts of paths that are not owners. */
const RESERVED = new Set(['repos', 'app', 'user', 'installation', 'simulated']);

/** Creates a repository and its folder, `<owner>/<name>.git`. An earlier one of the same name is removed. */
export async function createRepository(world: World, wanted: NewRepository): Promise<Repository> {
  const { owner = 'octo-org', name, defaultBranch = 'main' } = wanted;
  if (!NAME.test(owner) || RESERVED.has(owner.toLowerCase())) throw new Error(`"${owner}" is not a valid owner.`);
  if (!NAME.test(name) || name.endsWith('.git')) throw new Error(`"${name}" is not a valid name of a repository.`);
  if (!isBranchName(defaultBranch)) throw new Error(`"${defaultBranch}" is not a valid branch.`);
  const parent = wanted.forkOf === undefined ? undefined : repositoryOf(world, wanted.forkOf);
  const account = world.user(owner, parent === undefined ? 'Organization' : 'User');
  const path = join(resolve(world.options.folder), owner, `${name}.git`);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  await git(path, ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`]);
  const source = parent?.path ?? (wanted.from === undefined ? undefined : resolve(wanted.from));
  if (source !== undefined) await copyBranches(path, source, wanted.commits);
  const repository: Repository = {
    id: world.newId(),
    owner: account,
    name,
    path,
    defaultBranch,
    parent,
    installation: (wanted.installed ?? parent === undefined) ? world.installationOf(account) : undefined,
    createdAt: world.now(),
    pushedAt: world.now(),
    pushed: Promise.resolve(),
    pulls: new Map(),
    checkRuns: new Map(),
  };
  world.repositories.set(`${owner}/${name}`.toLowerCase(), repository);
  if (wanted.files !== undefined) {
    const commit = { branch: defaultBranch, files: wanted.files, message: 'Initial commit', author: owner };
    await createCommit(path, { ...commit, parent: await branchHead(repository, defaultBranch), time: world.now() });
  }
  return repository;
}

/** Lets git hand out commits that no branch of the source names. */
const ANY_COMMIT = '--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack';

async function copyBranches(path: string, source: string, commits: NewRepository['commits']): Promise<void> {
  for (const [branch, commit] of Object.entries(commits ?? {}))
    if (!isBranchName(branch) || !isSha(commit))
      throw new Error(`"${branch}" at "${commit}" is not a branch at a commit.`);
  const wanted =
    commits === undefined
      ? ['+refs/heads/*:refs/heads/*']
      : Object.entries(commits).map(([branch, commit]) => `+${commit}:refs/heads/${branch}`);
  await git(path, ['fetch', '--quiet', '--no-tags', ANY_COMMIT, '--', source, ...wanted]);
}

/** Returns a repository by its full name, or throws an error that lists the known ones. */
export function repositoryOf(world: World, fullName: string): Repository {
  const found = world.repositories.get(fullName.toLowerCase());
  if (found !== undefined) return found;
  const known = [...world.repositories.values()].map(({ owner, name }) => `${owner.login}/${name}`);
  throw new Error(`There is no repository ${fullName}. Known: ${known.join(', ') || 'none'}.`);
}

export const branchHead = async ({ path }: Repository, branch: string): Promise<string | undefined> =>
  isBranchName(branch) ? gitMaybe(path, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]) : undefined;

export const fullName = ({ owner, name }: Repository): string => `${owner.login}/${name}`;
