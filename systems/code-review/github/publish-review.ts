import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { parsePatchOf } from '../change/parse-diff.ts';
import type { ChangedFile } from '../change/changed-file.ts';
import type { Review } from '../findings/review.ts';
import { GithubClient, GithubError, type GithubAccess } from './client.ts';
import { composeReview, type ComposedReview } from './compose-review.ts';

/** The pull request that a review is posted to, and the commit that was reviewed. */
export interface Target {
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
  readonly head: string;
}

/** What became of a review. Nothing is posted about another commit than the one that was reviewed. */
export type Published =
  | { readonly kind: 'posted' | 'already-posted'; readonly url: string }
  | { readonly kind: 'not-posted'; readonly reason: 'closed' | 'moved' | 'pending'; readonly detail: string };

export interface Publishing {
  readonly access: GithubAccess;
  readonly footer: string;
  readonly wait: (ms: number) => Promise<void>;
}

const pullSchema = z.object({ state: z.string(), head: z.object({ sha: z.string() }) });
const reviewSchema = z.object({ id: z.number(), state: z.string(), body: z.string().nullable(), html_url: z.string() });
const fileSchema = z.object({ filename: z.string(), patch: z.string().optional() });

/** Attempts to post, each after a look for what an earlier one has left. */
const ATTEMPTS = 4;
const MAX_WAIT_MS = 300_000;
const RETRY_MS = 2_000;

/**
 * Posts a review once. GitHub has no idempotency key, so the review carries a hidden marker, which is looked for before
 * each attempt. Only who has the token can make the marker, so nobody can pretend that the review was posted.
 * Throws `GithubError` when GitHub keeps failing or rejects the review.
 */
export async function publishReview(publishing: Publishing, target: Target, review: Review): Promise<Published> {
  const client = new GithubClient(publishing.access);
  const pull = `/repos/${target.repository}/pulls/${target.number}`;
  const marker = markerOf(publishing.access.token, target);
  const files = await patient(publishing, async () => client.list(`${pull}/files`, fileSchema));
  let composed = composeReview(review, files.flatMap(changedFile), { marker, footer: publishing.footer });
  for (let attempt = 1; ; attempt += 1) {
    const obstacle = await patient(publishing, () => whatStops(client, pull, target, marker));
    if (obstacle !== null) return obstacle;
    try {
      const body = { commit_id: target.head, ...composed };
      const { html_url: url } = await client.post(`${pull}/reviews`, body, reviewSchema);
      return { kind: 'posted', url };
    } catch (error) {
      if (!(error instanceof GithubError) || attempt === ATTEMPTS) throw error;
      composed = await afterFailure(publishing, error, composed);
    }
  }
}

/** Read right before each attempt: the pull request may have moved on, and the review may be there. */
async function whatStops(
  client: GithubClient,
  pull: string,
  target: Target,
  marker: string,
): Promise<Published | null> {
  const reviews = await client.list(`${pull}/reviews`, reviewSchema);
  const posted = reviews.find(({ body }) => body?.includes(marker) === true);
  if (posted !== undefined) return { kind: 'already-posted', url: posted.html_url };
  // Only their author sees pending reviews. It may be a draft that a person is writing.
  if (reviews.some(({ state }) => state === 'PENDING'))
    return { kind: 'not-posted', reason: 'pending', detail: 'Your pending review blocks any other of yours.' };
  const { state, head } = await client.get(pull, pullSchema);
  if (state !== 'open') return { kind: 'not-posted', reason: 'closed', detail: 'The pull request is closed.' };
  if (head.sha === target.head) return null;
  return { kind: 'not-posted', reason: 'moved', detail: `Its head is ${head.sha}, and ${target.head} was reviewed.` };
}

/** What to post next after a failure. Throws it again if nothing helps. */
async function afterFailure(
  publishing: Publishing,
  error: GithubError,
  composed: ComposedReview,
): Promise<ComposedReview> {
  if (error.kind === 'forbidden') throw error;
  if (error.kind !== 'rejected') {
    await publishing.wait(error.kind === 'throttled' ? within(error) : RETRY_MS);
    return composed;
  }
  if (/your own pull request/i.test(error.message) && composed.event !== 'COMMENT')
    return { ...composed, event: 'COMMENT' };
  // A line that is gone rejects the whole review, and GitHub does not name it.
  const isLine = /must be part of the diff|diff hunk|line must precede|could not be resolved/i.test(error.message);
  if (isLine && composed.comments.length > 0) return withoutLines(composed);
  if (isLine || /too long/i.test(error.message)) throw error;
  // Another review is being written.
  await publishing.wait(RETRY_MS);
  return composed;
}

/** All comments in the text: no finding is lost because of a line. */
function withoutLines({ event, body, comments }: ComposedReview): ComposedReview {
  const texts = comments.map(({ path, line, body: said }) => `${JSON.stringify(path)}, line ${line}: ${said}`);
  return { event, body: `${texts.join('\n\n')}\n\n${body}`, comments: [] };
}

/** Reads again after a lost answer or a limit. */
async function patient<Result>({ wait }: Publishing, read: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      const mayPass = error instanceof GithubError && (error.kind === 'lost' || error.kind === 'throttled');
      if (!mayPass || attempt === ATTEMPTS) throw error;
      await wait(error.kind === 'throttled' ? within(error) : RETRY_MS);
    }
  }
}

function within(error: GithubError): number {
  if (error.waitMs > MAX_WAIT_MS) throw error;
  return error.waitMs;
}

const markerOf = (token: string, { repository, number, head }: Target): string =>
  `<!-- fleet:review=${createHmac('sha256', token).update(`${repository.toLowerCase()}#${number}@${head}`).digest('hex').slice(0, 32)} -->`;

/** A file without a patch is binary or too large: nothing of it can be commented on. */
const changedFile = ({ filename, patch }: z.infer<typeof fileSchema>): ChangedFile[] =>
  patch === undefined ? [] : [{ path: filename, status: 'modified', hunks: parsePatchOf(patch) }];
