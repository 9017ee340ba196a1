import { z } from 'zod';
import { GithubError, type GithubClient } from './client.ts';
import type { ComposedReview } from './compose-review.ts';
import { deletedMarker, hasMarker } from './markers.ts';
import { reviewSchema, type IsOwn } from './own-review.ts';
import type { Posting, Published, Publishing, Target } from './publishing.ts';

/** A pull request as it was when publishing began. */
export interface OpenPull {
  readonly client: GithubClient;
  /** Its path in GitHub's API. */
  readonly path: string;
  /** The tip of the base branch, for which it was decided what may be approved. */
  readonly base: string;
  readonly isOwn: IsOwn;
}

const shaSchema = z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) });
export const pullSchema = z.object({ state: z.string(), head: shaSchema, base: shaSchema });

/** Attempts to post, each after a look for what an earlier one has left. */
const ATTEMPTS = 4;
const MAX_WAIT_MS = 300_000;
const RETRY_MS = 2_000;
/** GitHub asks for a second between writes. */
const BETWEEN_WRITES_MS = 1_000;
/** Looks for a post after a lost answer: GitHub's lists may lag behind. */
const LOOKS = 3;

/** Posts reviews, each once: one with the same marker is looked for before each attempt. */
export class Poster {
  readonly #publishing: Publishing;
  readonly #pull: OpenPull;
  readonly #target: Target;
  #hasWritten = false;

  constructor(publishing: Publishing, pull: OpenPull, target: Target) {
    this.#publishing = publishing;
    this.#pull = pull;
    this.#target = target;
  }

  /**
   * Posts a review, unless it is there or may not be posted. Throws `GithubError` when GitHub keeps failing or rejects it.
   * @param withoutLines the same without its comments at lines; null gives it up when one of them is gone
   */
  async post(
    posting: Posting,
    review: ComposedReview,
    withoutLines: ComposedReview | null,
  ): Promise<Published | { readonly kind: 'line-gone' }> {
    const { client, path } = this.#pull;
    let composed = review;
    let looks = await this.looksFor(posting);
    for (let attempt = 1; ; attempt += 1) {
      const obstacle = await this.lookOften(looks, () => this.whatStops(posting));
      if (obstacle !== null) return obstacle;
      try {
        const body = { commit_id: this.#target.head, ...composed };
        const { html_url: url } = await this.write(() => client.post(`${path}/reviews`, body, reviewSchema));
        await this.tell(posting, url);
        return { kind: 'posted', url };
      } catch (error) {
        if (!(error instanceof GithubError) || attempt === ATTEMPTS) throw error;
        const next = await this.#afterFailure(error, composed, withoutLines);
        if (next === null) return { kind: 'line-gone' };
        composed = next;
        looks = error.kind === 'lost' ? LOOKS : 1;
      }
    }
  }

  /** Announces a write. Returns how often to look for it before: more often if it may have been done. */
  async looksFor(posting: Posting): Promise<number> {
    return (await this.#publishing.beforePost?.(posting)) === true ? LOOKS : 1;
  }

  async tell(posting: Posting, url: string): Promise<void> {
    await this.#publishing.onPosted?.({ ...posting, url });
  }

  /** Looks until something is found. */
  async lookOften<Found>(looks: number, look: () => Promise<Found | null>): Promise<Found | null> {
    for (let at = 1; ; at += 1) {
      const found = await this.patient(look);
      if (found !== null || at >= looks) return found;
      await this.#publishing.wait(RETRY_MS);
    }
  }

  /** Writes a second after the last write. */
  async write<Result>(act: () => Promise<Result>): Promise<Result> {
    if (this.#hasWritten) await this.#publishing.wait(BETWEEN_WRITES_MS);
    const written = await act();
    this.#hasWritten = true;
    return written;
  }

  /**
   * Writes what `look` does not find. A lost answer is followed by another look, as often as GitHub's lists may lag.
   * @param looks how often to look before the first attempt; 1 for not at all, since the caller has just looked
   */
  async once<Result>(looks: number, look: () => Promise<Result | null>, act: () => Promise<Result>): Promise<Result> {
    let times = looks;
    for (let attempt = 1; ; attempt += 1) {
      const found = times > 1 ? await this.lookOften(times, look) : null;
      if (found !== null) return found;
      try {
        return await this.write(act);
      } catch (error) {
        if (attempt === ATTEMPTS || !(mayPass(error) || isConcurrent(error))) throw error;
        await this.#publishing.wait(error.kind === 'throttled' ? within(error) : RETRY_MS);
        times = error.kind === 'lost' ? LOOKS : 1;
      }
    }
  }

  /** Repeats a request that can be repeated, after a lost answer or a limit. */
  async patient<Result>(request: () => Promise<Result>): Promise<Result> {
    return patiently(this.#publishing, request);
  }

  /** Read right before each attempt: the pull request may have moved on, and the review may be there. */
  async whatStops(posting: Posting): Promise<Published | null> {
    const { client, path, base: expected, isOwn } = this.#pull;
    const reviews = await client.list(`${path}/reviews`, reviewSchema);
    const posted = reviews.find((each) => isOwn(each) && hasMarker(each.body, posting.marker));
    if (posted !== undefined) {
      await this.tell(posting, posted.html_url);
      return { kind: 'already-posted', url: posted.html_url };
    }
    const pending = reviews.filter((each) => each.state === 'PENDING');
    // Only their author sees pending reviews. It may be a draft that a person is writing.
    if (pending.length > 0 && !this.#isBot(pending))
      return { kind: 'not-posted', reason: 'pending', detail: 'Your pending review blocks any other of yours.' };
    const { state, head, base } = await client.get(path, pullSchema);
    if (state !== 'open') return { kind: 'not-posted', reason: 'closed', detail: 'The pull request is closed.' };
    if (head.sha !== this.#target.head) {
      const detail = `Its head is ${head.sha}, and ${this.#target.head} was reviewed.`;
      return { kind: 'not-posted', reason: 'moved', detail };
    }
    if (base.sha !== expected)
      return { kind: 'not-posted', reason: 'moved', detail: `Its base has just become ${base.sha}.` };
    for (const { id } of pending) await this.#deletePending(id);
    return null;
  }

  /** Whether reviews are those of the token's own user, which is known to be an app. */
  #isBot(reviews: readonly z.infer<typeof reviewSchema>[]): boolean {
    return this.#publishing.login?.endsWith('[bot]') === true && reviews.every(this.#pull.isOwn);
  }

  /** Deletes a pending review that a crash has left. */
  async #deletePending(id: number): Promise<void> {
    const { client, path } = this.#pull;
    await this.looksFor({ kind: 'deletion', marker: deletedMarker(id) });
    try {
      await this.write(() => client.delete(`${path}/reviews/${id}`));
    } catch (error) {
      // It is gone, or was submitted meanwhile.
      if (!(error instanceof GithubError) || (error.status !== 404 && error.kind !== 'rejected')) throw error;
    }
  }

  /** What to post next after a failure, null for nothing. Throws it again if nothing helps. */
  async #afterFailure(
    error: GithubError,
    composed: ComposedReview,
    withoutLines: ComposedReview | null,
  ): Promise<ComposedReview | null> {
    if (error.kind === 'forbidden') throw error;
    if (error.kind !== 'rejected') {
      await this.#publishing.wait(error.kind === 'throttled' ? within(error) : RETRY_MS);
      return composed;
    }
    if (/your own pull request/i.test(error.message) && composed.event !== 'COMMENT')
      return { ...composed, event: 'COMMENT' };
    // A line that is gone rejects the whole review, and GitHub does not name it.
    const isLine = /must be part of the diff|diff hunk|line must precede|could not be resolved/i.test(error.message);
    if (isLine && composed.comments.length > 0)
      return withoutLines === null ? null : { ...withoutLines, event: composed.event };
    if (isLine || /too long/i.test(error.message)) throw error;
    // Another review is being written.
    await this.#publishing.wait(RETRY_MS);
    return composed;
  }
}

/** Repeats a request that can be repeated, after a lost answer or a limit. */
export async function patiently<Result>({ wait }: Publishing, request: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      if (attempt === ATTEMPTS || !mayPass(error)) throw error;
      await wait(error.kind === 'throttled' ? within(error) : RETRY_MS);
    }
  }
}

const mayPass = (error: unknown): error is GithubError =>
  error instanceof GithubError && (error.kind === 'lost' || error.kind === 'throttled');

/** GitHub takes one comment of a user at a time. */
const isConcurrent = (error: unknown): error is GithubError =>
  error instanceof GithubError &&
  error.kind === 'rejected' &&
  /must be pending|one pending review/i.test(error.message);

function within(error: GithubError): number {
  if (error.waitMs > MAX_WAIT_MS) throw error;
  return error.waitMs;
}
