import { z } from 'zod';
import { GithubError, type GithubClient } from './client.ts';

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);

/** A pull request, as far as a review needs it. */
export const pullSchema = z.object({
  state: z.string(),
  draft: z.boolean().nullish(),
  title: z.string(),
  body: z.string().nullable(),
  changed_files: z.number(),
  head: z.object({ sha }),
  base: z.object({ sha }),
  /** What the author is to the repository. GitHub shows it always; without it, nobody is known. */
  author_association: z.string().default('NONE'),
});
export type Pull = z.infer<typeof pullSchema>;

/** The pull request now; null when it does not exist or may not be seen. */
export const readPull = async (client: GithubClient, path: string): Promise<Pull | null> =>
  orNull(client.get(path, pullSchema));

const KNOWN = new Set(['OWNER', 'MEMBER', 'COLLABORATOR', 'CONTRIBUTOR']);

/** Whether the repository has merged nothing of the author so far, who does not belong to it either. */
export const isOfNewAuthor = ({ author_association: association }: Pick<Pull, 'author_association'>): boolean =>
  !KNOWN.has(association);

/** The commit where the pull request left its base. */
export async function readMergeBase(
  client: GithubClient,
  repository: string,
  { base, head }: Pick<Pull, 'base' | 'head'>,
): Promise<string> {
  const path = `/repos/${repository}/compare/${base.sha}...${head.sha}?per_page=1`;
  const schema = z.object({ merge_base_commit: z.object({ sha }) });
  return (await client.get(path, schema)).merge_base_commit.sha;
}

const contentSchema = z.object({ type: z.string(), encoding: z.string().optional(), content: z.string().optional() });

/** A file's text at a commit. Null when it does not exist, is no text, or is larger than 1 MB, GitHub's limit. */
export async function readText(
  client: GithubClient,
  repository: string,
  path: string,
  commit: string,
): Promise<string | null> {
  const name = path.split('/').map(encodeURIComponent).join('/');
  const file = await orNull(client.get(`/repos/${repository}/contents/${name}?ref=${commit}`, contentSchema));
  if (file?.type !== 'file' || file.encoding !== 'base64' || file.content === undefined) return null;
  const bytes = Buffer.from(file.content, 'base64');
  return bytes.includes(0) ? null : bytes.toString('utf8');
}

const entrySchema = z.object({ type: z.string(), path: z.string() });

/** Paths in a folder at a commit; those of folders end with a slash. Empty when there is no such folder. */
export async function readFolder(
  client: GithubClient,
  repository: string,
  folder: string,
  commit: string,
): Promise<string[]> {
  const name = folder.split('/').map(encodeURIComponent).join('/');
  const found = await orNull(
    client.get(`/repos/${repository}/contents/${name}?ref=${commit}`, z.array(entrySchema).catch([])),
  );
  return (found ?? []).map(({ type, path }) => (type === 'dir' ? `${path}/` : path));
}

/** GitHub answers 404 for what does not exist and for what a token may not see. */
export async function orNull<Result>(read: Promise<Result>): Promise<Result | null> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof GithubError && error.status === 404) return null;
    throw error;
  }
}
