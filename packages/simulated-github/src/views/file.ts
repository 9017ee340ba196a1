import type { DiffFile } from '../git/diff.ts';
import type { CommitData } from '../git/read.ts';
import type { Repository } from '../world/types.ts';
import { nodeId, type World } from '../world/world.ts';
import { apiUrl, htmlUrl } from './repository.ts';

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** A file of a diff at a commit. `patch` is absent where GitHub leaves it out. */
export function fileView(
  world: World,
  { repository, commit }: { repository: Repository; commit: string },
  file: DiffFile,
): Record<string, unknown> {
  const { filename, status, sha, additions, deletions, patch, previous } = file;
  const path = encodePath(filename);
  return {
    sha,
    filename,
    status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${htmlUrl(world, repository)}/blob/${commit}/${path}`,
    raw_url: `${htmlUrl(world, repository)}/raw/${commit}/${path}`,
    contents_url: `${apiUrl(world, repository)}/contents/${path}?ref=${commit}`,
    ...(patch === undefined ? {} : { patch }),
    ...(previous === undefined ? {} : { previous_filename: previous }),
  };
}

export function commitView(world: World, repository: Repository, commit: CommitData): Record<string, unknown> {
  const [api, html] = [apiUrl(world, repository), htmlUrl(world, repository)];
  const { sha, name, email, date, message, tree, parents } = commit;
  const verification = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
  return {
    sha,
    node_id: nodeId('C', sha),
    commit: {
      author: { name, email, date },
      committer: { name, email, date },
      message,
      tree: { sha: tree, url: `${api}/git/trees/${tree}` },
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
      verification,
    },
    url: `${api}/commits/${sha}`,
    html_url: `${html}/commit/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    author: null,
    committer: null,
    parents: parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${html}/commit/${parent}`,
    })),
  };
}

export { encodePath };
