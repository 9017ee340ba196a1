import { isSha } from './names.ts';
import { git, gitMaybe } from './run.ts';

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
    const found = await gitMaybe(folder, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${kind}^{commit}`]);
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
  const clean = path.replace(/\/+$/, '');
  if (clean === '') return listTree(folder, commit, []);
  if (clean.split('/').some((part) => part === '' || part === '.' || part === '..')) return undefined;
  const [entry] = await listTree(folder, commit, [clean]);
  if (entry?.path !== clean) return undefined;
  return entry.kind === 'tree' ? listTree(folder, commit, [`${clean}/`]) : entry;
}

async function listTree(folder: string, commit: string, paths: readonly string[]): Promise<TreeEntry[]> {
  // Literal: a path such as `a*` or `:(glob)` means itself.
  const output = await git(folder, ['--literal-pathspecs', 'ls-tree', '--long', '-z', commit, '--', ...paths]);
  const lines = output.toString().split('\0').slice(0, -1);
  return lines.map((line) => {
    const tab = line.indexOf('\t');
    const path = line.slice(tab + 1);
    const [mode = '', kind = '', sha = '', size = '0'] = line.slice(0, tab).split(/ +/);
    return { mode, kind: kind as TreeEntry['kind'], sha, size: Number(size) || 0, path };
  });
}

/** Reads a blob by its SHA. Undefined when the repository has no such blob. */
export async function readBlob(folder: string, sha: string): Promise<Buffer | undefined> {
  if (!isSha(sha) || (await gitMaybe(folder, ['cat-file', '-t', sha])) !== 'blob') return undefined;
  return git(folder, ['cat-file', 'blob', sha]);
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
