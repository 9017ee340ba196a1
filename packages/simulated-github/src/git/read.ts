import { isSha } from './names.ts';
import { remember } from './remember.ts';
import { git, GitError, gitMaybe } from './run.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly kind: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

export interface CommitData {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly name: string;
  readonly email: string;
  readonly date: string;
  readonly message: string;
}

/** Resolves a branch, tag or SHA to a commit. Names that could be options or expressions of git do not resolve. */
export async function resolveCommit(folder: string, ref: string): Promise<string | undefined> {
  const name = ref.replace(/^refs\/(?=heads\/|tags\/)/, '');
  if (/^[-.]|[\s~^:?*[\\@{}]|\.\./.test(name)) return undefined;
  const kinds = /^(heads|tags)\//.test(name) ? [`refs/${name}`] : [`refs/heads/${name}`, `refs/tags/${name}`];
  if (/^[0-9a-f]{7,40}$/.test(name)) kinds.unshift(name);
  for (const kind of kinds) {
    const ask = async () =>
      gitMaybe(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${kind}^{commit}`]);
    // A whole SHA means the same for good, a branch does not.
    const found = await (isSha(kind) ? remember(folder, `commit ${kind}`, ask) : ask());
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Entries of a folder at a commit (path `''` is the root), or the entry of one file. Undefined when there is none. */
export async function readPath(
  folder: string,
  commit: string,
  path: string,
): Promise<TreeEntry | readonly TreeEntry[] | undefined> {
  const tree = await remember(folder, `tree ${commit}`, async () => readTree(folder, commit));
  const clean = path.replace(/\/+$/, '');
  const own = tree.get(clean);
  if (own !== undefined || clean === '') return own ?? [];
  return tree.get(folderOf(clean))?.find((entry) => entry.path === clean);
}

/** The entries of all folders of a commit, by folder. One call of git, since a review reads many of its files. */
async function readTree(folder: string, commit: string): Promise<Map<string, TreeEntry[]>> {
  const output = await git(folder, ['ls-tree', '-r', '-t', '--long', '-z', commit]);
  const tree = new Map<string, TreeEntry[]>();
  for (const line of output.toString().split('\0').slice(0, -1)) {
    const tab = line.indexOf('\t');
    const path = line.slice(tab + 1);
    const [mode = '', kind = '', sha = '', size = '0'] = line.slice(0, tab).split(/ +/);
    const siblings = tree.get(folderOf(path)) ?? [];
    siblings.push({ mode, kind: kind as TreeEntry['kind'], sha, size: Number(size) || 0, path });
    tree.set(folderOf(path), siblings);
  }
  return tree;
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Reads a blob by its SHA. Undefined when the repository has no such blob. */
export async function readBlob(folder: string, sha: string): Promise<Buffer | undefined> {
  if (!isSha(sha)) return undefined;
  try {
    return await git(folder, ['cat-file', 'blob', sha]);
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** Commits that are reachable from `to` and not from `from`, oldest first. Without `from`, the commit `to` alone. */
export async function listCommits(folder: string, from: string | undefined, to: string): Promise<CommitData[]> {
  const format = '--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%B%x00%x01';
  const range = from === undefined ? ['--max-count=1', to] : [`${from}..${to}`];
  const output = await git(folder, ['log', '--reverse', '--topo-order', format, ...range, '--']);
  const records = output.toString().split('\0\u0001');
  return records.slice(0, -1).map((record) => {
    const [sha = '', tree = '', parents = '', name = '', email = '', date = '', message = ''] = record
      .replace(/^\n/, '')
      .split('\0');
    return { sha, tree, parents: parents.split(' ').filter(Boolean), name, email, date, message: message.trimEnd() };
  });
}
