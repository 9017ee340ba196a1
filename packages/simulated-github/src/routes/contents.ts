import { listCommits, readBlob, readPath, resolveCommit, type TreeEntry } from '../git/read.ts';
import { isSha } from '../git/names.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { pageOf, paged } from '../http/pages.ts';
import { repositoryRoutes, type Answer, type RepositoryCall, type Route } from '../http/route.ts';
import { commitView, encodePath, fileView } from '../views/file.ts';
import { apiUrl, htmlUrl } from '../views/repository.ts';
import { filesBetween, mergeBase } from '../world/diffs.ts';
import { nodeId } from '../world/world.ts';

const MAX_CONTENT_BYTES = 1_000_000;
const MAX_RAW_BYTES = 100_000_000;
const MAX_COMPARE_FILES = 300;

/** The kind of an entry in GitHub's words. */
function typeOf({ mode, kind }: TreeEntry): 'file' | 'dir' | 'symlink' | 'submodule' {
  if (kind === 'commit') return 'submodule';
  if (kind === 'tree') return 'dir';
  return mode === '120000' ? 'symlink' : 'file';
}

function entryView(call: RepositoryCall, entry: TreeEntry, ref: string): Record<string, unknown> {
  const { world, repository } = call;
  const [type, path] = [typeOf(entry), encodePath(entry.path)];
  const [api, html] = [apiUrl(world, repository), htmlUrl(world, repository)];
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const linked = type === 'submodule';
  const git = linked ? null : `${api}/git/${type === 'dir' ? 'trees' : 'blobs'}/${entry.sha}`;
  const page = linked ? null : `${html}/${type === 'dir' ? 'tree' : 'blob'}/${encodeURIComponent(ref)}/${path}`;
  return {
    type,
    size: entry.size,
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: page,
    download_url: type === 'file' ? `${html}/raw/${encodeURIComponent(ref)}/${path}` : null,
    _links: { self: url, git, html: page },
  };
}

async function getContents(call: RepositoryCall): Promise<Answer> {
  const { repository } = call;
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const commit = await resolveCommit(repository.path, ref);
  if (commit === undefined) throw new ApiError(404, `No commit found for the ref ${ref}`);
  const found = await readPath(repository.path, commit, call.parameters['path'] ?? '');
  if (found === undefined) throw notFound();
  // GitHub lists 1,000 entries of a folder and a submodule in a list as a file.
  if (!('path' in found))
    return { status: 200, json: found.slice(0, 1_000).map((entry) => listedView(call, entry, ref)) };
  return fileAnswer(call, found, { ref, commit });
}

const listedView = (call: RepositoryCall, entry: TreeEntry, ref: string): Record<string, unknown> => {
  const view = entryView(call, entry, ref);
  return view['type'] === 'submodule' ? { ...view, type: 'file' } : view;
};

async function fileAnswer(
  call: RepositoryCall,
  entry: TreeEntry,
  at: { readonly ref: string; readonly commit: string },
): Promise<Answer> {
  const view = entryView(call, entry, at.ref);
  if (view['type'] === 'submodule') {
    const url = await submoduleUrl(call.repository.path, at.commit, entry.path);
    return { status: 200, json: { ...view, submodule_git_url: url } };
  }
  const bytes = (await readBlob(call.repository.path, entry.sha)) ?? Buffer.alloc(0);
  if (bytes.length > MAX_RAW_BYTES) throw tooLarge();
  if (/application\/vnd\.github\.(v3\.)?raw/.test(call.accept))
    return { status: 200, bytes: { type: 'application/vnd.github.raw+json; charset=utf-8', content: bytes } };
  if (view['type'] === 'symlink') return { status: 200, json: { ...view, target: bytes.toString() } };
  const content =
    bytes.length > MAX_CONTENT_BYTES
      ? { content: '', encoding: 'none' }
      : { content: base64(bytes), encoding: 'base64' };
  return { status: 200, json: { ...view, ...content } };
}

/** The address of a submodule, from `.gitmodules`. Empty when that does not name it. */
async function submoduleUrl(folder: string, commit: string, path: string): Promise<string> {
  const entry = await readPath(folder, commit, '.gitmodules');
  const content = entry !== undefined && 'sha' in entry ? await readBlob(folder, entry.sha) : undefined;
  const sections = (content?.toString() ?? '').split(/^\[submodule/m);
  const own = sections.find((section) => /^\s*path\s*=\s*(.*)$/m.exec(section)?.[1]?.trim() === path);
  return /^\s*url\s*=\s*(.*)$/m.exec(own ?? '')?.[1]?.trim() ?? '';
}

const tooLarge = (): ApiError =>
  new ApiError(
    403,
    'This API returns blobs up to 100 MB in size. The requested blob is too large to fetch via the API.',
    {
      errors: [{ resource: 'Blob', field: 'data', code: 'too_large' }],
    },
  );

/** Base64 in lines of 60 characters, as GitHub sends it. */
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/.{1,60}/g, '$&\n');

async function getBlob(call: RepositoryCall): Promise<Answer> {
  const { world, repository, parameters } = call;
  const sha = parameters['sha'] ?? '';
  if (!isSha(sha))
    throw new ApiError(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].');
  const bytes = await readBlob(repository.path, sha);
  if (bytes === undefined) throw notFound();
  if (bytes.length > MAX_RAW_BYTES) throw tooLarge();
  if (/application\/vnd\.github\.(v3\.)?raw/.test(call.accept))
    return { status: 200, bytes: { type: 'application/vnd.github.raw+json; charset=utf-8', content: bytes } };
  const url = `${apiUrl(world, repository)}/git/blobs/${sha}`;
  const json = { sha, node_id: nodeId('B', sha), size: bytes.length, url, content: base64(bytes), encoding: 'base64' };
  return { status: 200, json };
}

/** Compares two commits. The files are on the first page only, and at most 300. */
async function compare(call: RepositoryCall): Promise<Answer> {
  const { world, repository, parameters } = call;
  const [base = '', head = ''] = (parameters['basehead'] ?? '').split('...', 2);
  const [from, to] = await Promise.all([resolveCommit(repository.path, base), resolveCommit(repository.path, head)]);
  if (from === undefined || to === undefined) throw notFound();
  const middle = await mergeBase(repository, from, to);
  if ((await resolveCommit(repository.path, middle)) === undefined)
    throw new ApiError(404, `No common ancestor between ${base} and ${head}.`);
  const [ahead, behind, [baseCommit], [middleCommit], files] = await Promise.all([
    listCommits(repository.path, from, to),
    listCommits(repository.path, to, from),
    listCommits(repository.path, undefined, from),
    listCommits(repository.path, undefined, middle),
    filesBetween(repository, middle, to),
  ]);
  const commits =
    call.query.has('page') || call.query.has('per_page')
      ? paged(call, ahead)
      : { items: ahead.slice(-250), headers: {} };
  const view = (commit: typeof baseCommit) => (commit === undefined ? null : commitView(world, repository, commit));
  const [api, html] = [apiUrl(world, repository), `${htmlUrl(world, repository)}/compare/${base}...${head}`];
  const url = `${api}/compare/${base}...${head}`;
  const json = {
    url,
    html_url: html,
    permalink_url: `${htmlUrl(world, repository)}/compare/${from}...${to}`,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: view(baseCommit),
    merge_base_commit: view(middleCommit),
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: commits.items.map(view),
    files:
      pageOf(call).page > 1
        ? []
        : files.slice(0, MAX_COMPARE_FILES).map((file) => fileView(world, { repository, commit: to }, file)),
  };
  return { status: 200, json, headers: commits.headers };
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

export const contentRoutes: readonly Route[] = [
  ...['/contents', '/contents/{path*}'].map((pattern) =>
    repositoryRoutes('repos/contents', 'contents')('GET', pattern, 'get-repository-content', getContents),
  ),
  repositoryRoutes('git/blobs', 'contents')('GET', '/git/blobs/{sha}', 'get-a-blob', getBlob),
  repositoryRoutes('commits/commits', 'contents')('GET', '/compare/{basehead*}', 'compare-two-commits', compare),
];
