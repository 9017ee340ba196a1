import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parsePatchOf } from '../change/parse-diff.ts';
import type { ChangedFile } from '../change/changed-file.ts';
import type { Review } from '../findings/review.ts';
import { GithubClient, GithubError, type GithubAccess } from './client.ts';
import { composeReview, type ComposedReview } from './compose-review.ts';
import { isOwnReview, reviewSchema, type IsOwn } from './own-review.ts';
import { asFarAsRead } from './as-far-as-read.ts';

/** The pull request that a review is posted to, and the range that was reviewed. */
export interface Target {
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
  /** The commit where the reviewed range begins. */
  readonly base: string;
  readonly head: string;
  /** The files of the range, also those that the review names as left out. */
  readonly paths: readonly string[];
}

/** What became of a review. Nothing is posted about another commit than the one that was reviewed. */
export type Published =
  | { readonly kind: 'posted' | 'already-posted'; readonly url: string; readonly note?: string }
  | { readonly kind: 'not-posted'; readonly reason: 'closed' | 'moved' | 'pending'; readonly detail: string };

export interface Publishing {
  readonly access: GithubAccess;
  readonly footer: string;
  readonly wait: (ms: number) => Promise<void>;
  /** Where two commits parted; null when the local repository lacks one of them. */
  readonly mergeBase: (base: string, head: string) => Promise<string | null>;
}

const sideSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) });
const pullSchema = z.object({ state: z.string(), head: sideSchema, base: sideSchema });
const fileSchema = z.object({ filename: z.string(), patch: z.string().optional() });

/** Attempts to post, each after a look for what an earlier one has left. */
const ATTEMPTS = 4;
const MAX_WAIT_MS = 300_000;
const RETRY_MS = 2_000;
/** Looks for the review after a lost answer: GitHub's lists may lag behind. */
const LOOKS = 3;

/**
 * Posts a review once. GitHub has no idempotency key, so the review carries a hidden marker, which is looked for before
 * each attempt. It counts only in a review of the token's own user, so nobody else can pretend that it was posted.
 * Throws `GithubError` when GitHub keeps failing or rejects the review.
 */
export async function publishReview(publishing: Publishing, target: Target, review: Review): Promise<Published> {
  const client = new GithubClient(publishing.access);
  const pull = `/repos/${target.repository}/pulls/${target.number}`;
  const marker = markerOf(target);
  const isOwn = await patient(publishing, async () => isOwnReview(client));
  const files = await patient(publishing, async () => client.list(`${pull}/files`, fileSchema));
  const { base } = await patient(publishing, async () => client.get(pull, pullSchema));
  const from = await publishing.mergeBase(base.sha, target.head);
  const read = asFarAsRead(review, { target, from, paths: files.map(({ filename }) => filename) });
  const compose = (shown: readonly ChangedFile[]): ComposedReview =>
    composeReview(read, shown, { marker, footer: publishing.footer });
  const look = async (): Promise<Published | null> =>
    patient(publishing, () => whatStops(client, pull, { target, base: base.sha, marker, isOwn }));
  let composed = compose(files.flatMap(changedFile));
  let looks = 1;
  for (let attempt = 1; ; attempt += 1) {
    const obstacle = await lookOften(publishing, looks, look);
    if (obstacle !== null) return obstacle;
    try {
      const body = { commit_id: target.head, ...composed };
      const { html_url: url } = await client.post(`${pull}/reviews`, body, reviewSchema);
      return { kind: 'posted', url, ...(read !== review && { note: read.because }) };
    } catch (error) {
      if (!(error instanceof GithubError) || attempt === ATTEMPTS) throw error;
      composed = await afterFailure(publishing, error, composed, () => compose([]));
      looks = error.kind === 'lost' ? LOOKS : 1;
    }
  }
}

async function lookOften(
  { wait }: Publishing,
  looks: number,
  look: () => Promise<Published | null>,
): Promise<Published | null> {
  for (let at = 1; ; at += 1) {
    const obstacle = await look();
    if (obstacle !== null || at >= looks) return obstacle;
    await wait(RETRY_MS);
  }
}

interface Expected {
  readonly target: Target;
  /** The tip of the base branch, for which it was decided what may be approved. */
  readonly base: string;
  readonly marker: string;
  readonly isOwn: IsOwn;
}

/** Read right before each attempt: the pull request may have moved on, and the review may be there. */
async function whatStops(
  client: GithubClient,
  pull: string,
  { target, base: expected, marker, isOwn }: Expected,
): Promise<Published | null> {
  const reviews = await client.list(`${pull}/reviews`, reviewSchema);
  const posted = reviews.find((each) => isOwn(each) && each.body?.includes(marker) === true);
  if (posted !== undefined) return { kind: 'already-posted', url: posted.html_url };
  // Only their author sees pending reviews. It may be a draft that a person is writing.
  if (reviews.some(({ state }) => state === 'PENDING'))
    return { kind: 'not-posted', reason: 'pending', detail: 'Your pending review blocks any other of yours.' };
  const { state, head, base } = await client.get(pull, pullSchema);
  if (state !== 'open') return { kind: 'not-posted', reason: 'closed', detail: 'The pull request is closed.' };
  if (head.sha !== target.head)
    return { kind: 'not-posted', reason: 'moved', detail: `Its head is ${head.sha}, and ${target.head} was reviewed.` };
  if (base.sha === expected) return null;
  return { kind: 'not-posted', reason: 'moved', detail: `Its base has just become ${base.sha}.` };
}

/** What to post next after a failure. Throws it again if nothing helps. */
async function afterFailure(
  publishing: Publishing,
  error: GithubError,
  composed: ComposedReview,
  /** All findings in the text: none is lost because of a line. */
  withoutLines: () => ComposedReview,
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
  if (isLine && composed.comments.length > 0) return { ...withoutLines(), event: composed.event };
  if (isLine || /too long/i.test(error.message)) throw error;
  // Another review is being written.
  await publishing.wait(RETRY_MS);
  return composed;
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

/** The same for every token, so that a new one finds what an older one posted. */
const markerOf = ({ repository, number, head }: Target): string =>
  `<!-- fleet:review=${createHash('sha256').update(`${repository.toLowerCase()}#${number}@${head}`).digest('hex').slice(0, 32)} -->`;

/** A file without a patch is binary or too large: nothing of it can be commented on. */
const changedFile = ({ filename, patch }: z.infer<typeof fileSchema>): ChangedFile[] =>
  patch === undefined ? [] : [{ path: filename, status: 'modified', hunks: parsePatchOf(patch) }];
