import { z } from 'zod';
import { startOf } from '#core/text/text.ts';
import { GithubError, type GithubClient } from './client.ts';
import { plainMarkdown } from './plain-markdown.ts';

const runSchema = z.object({ id: z.number(), status: z.string(), external_id: z.string().nullish() });
const runsSchema = z.object({ check_runs: z.array(runSchema) });

/** GitHub takes 65,535 characters. */
const MAX_TEXT = 60_000;

export interface CheckRunWanted {
  readonly repository: string;
  readonly head: string;
  readonly name: string;
  /** Names the pull request, since several can have the same head. */
  readonly externalId: string;
}

export type Conclusion = 'success' | 'failure' | 'neutral' | 'cancelled';

/** What a check run shows. Its text is plain: nothing of it becomes markup. */
export interface Shown {
  readonly title: string;
  readonly text: string;
}

/**
 * Finds the check run of a pull request that is open on a commit. Null without one, when the token may not see it, and for
 * a commit that GitHub does not know.
 */
export async function findOpenCheckRun(client: GithubClient, wanted: CheckRunWanted): Promise<number | null> {
  try {
    return await findOpen(client, wanted);
  } catch (error) {
    if (error instanceof GithubError && (error.kind === 'forbidden' || error.kind === 'rejected')) return null;
    throw error;
  }
}

async function findOpen(client: GithubClient, wanted: CheckRunWanted): Promise<number | null> {
  const { repository, head, name, externalId } = wanted;
  // Of all, since the latest of this name may be that of another pull request with the same head.
  const query = `check_name=${encodeURIComponent(name)}&filter=all&per_page=100`;
  const { check_runs: runs } = await client.get(`/repos/${repository}/commits/${head}/check-runs?${query}`, runsSchema);
  return runs.find(({ status, external_id: id }) => status !== 'completed' && id === externalId)?.id ?? null;
}

/**
 * Opens a check run on a commit, as queued, or finds the one that is open. Null when the token may not write check runs,
 * which only apps may.
 */
export async function openCheckRun(client: GithubClient, wanted: CheckRunWanted): Promise<number | null> {
  const { repository, head, name, externalId } = wanted;
  return unlessForbidden(async () => {
    const open = await findOpen(client, wanted);
    if (open !== null) return open;
    const body = { name, head_sha: head, external_id: externalId, status: 'queued' };
    return (await client.post(`/repos/${repository}/check-runs`, body, runSchema)).id;
  });
}

/** Shows that the review of an open check run is under way. */
export async function startCheckRun(
  client: GithubClient,
  { repository, id }: { readonly repository: string; readonly id: number },
): Promise<void> {
  const body = { status: 'in_progress' };
  await unlessForbidden(async () => client.patch(`/repos/${repository}/check-runs/${id}`, body, runSchema));
}

/** Concludes a check run. Concluding it again changes only what it shows. */
export async function concludeCheckRun(
  client: GithubClient,
  { repository, id }: { readonly repository: string; readonly id: number },
  conclusion: Conclusion,
  { title, text }: Shown,
): Promise<void> {
  const output = { title: startOf(title, 200), summary: startOf(plainMarkdown(text), MAX_TEXT) };
  const body = { status: 'completed', conclusion, output };
  await unlessForbidden(async () => client.patch(`/repos/${repository}/check-runs/${id}`, body, runSchema));
}

async function unlessForbidden<Result>(act: () => Promise<Result>): Promise<Result | null> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof GithubError && error.kind === 'forbidden') return null;
    throw error;
  }
}
