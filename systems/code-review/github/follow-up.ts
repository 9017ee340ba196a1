import type { FixedFinding } from '../findings/carry-forward.ts';
import type { Review } from '../findings/review.ts';
import { GithubError } from './client.ts';
import { composeFixed } from './compose-review.ts';
import { dismissedMarker, fixedMarker, isAboutHead, isFleetReview } from './markers.ts';
import {
  commentSchema,
  isAnswer,
  saidAtLines,
  type Comment,
  type OwnPosts,
  type PostedReview,
  type Said,
} from './own-posts.ts';
import { reviewSchema } from './own-review.ts';
import { linkTo } from './plain-markdown.ts';
import type { OpenPull, Poster } from './poster.ts';
import type { Target } from './publishing.ts';

/** Replies of one review. The summary names the other findings that are fixed. */
const MAX_REPLIES = 20;
const MAX_DISMISSALS = 10;

interface FollowUp {
  readonly poster: Poster;
  readonly pull: OpenPull;
  readonly target: Target;
  readonly posts: OwnPosts;
}

/** Replies once to each comment of one's own whose finding did not come back. It never resolves a thread. */
export async function replyToFixed(followUp: FollowUp, fixed: readonly FixedFinding[]): Promise<void> {
  const byKey = new Map(fixed.map((finding) => [finding.key, finding]));
  const said = saidAtLines(followUp.posts).filter(({ key }) => byKey.has(key));
  for (const each of said.slice(-MAX_REPLIES)) {
    const finding = byKey.get(each.key);
    if (finding !== undefined) await replyOnce(followUp, finding, each);
  }
}

async function replyOnce(
  { poster, pull, target }: FollowUp,
  finding: FixedFinding,
  { comment, answer }: Said,
): Promise<void> {
  const posting = { kind: 'reply', marker: fixedMarker(finding.key, comment.id) } as const;
  if (answer !== null) return poster.tell(posting, answer.html_url);
  const look = async (): Promise<Comment | null> => {
    const comments = await pull.client.list(`${pull.path}/comments`, commentSchema);
    return comments.find((each) => pull.isOwn(each) && isAnswer(each, comment.id, finding.key)) ?? null;
  };
  const body = composeFixed(finding, target.head, posting.marker);
  const path = `${pull.path}/comments/${comment.id}/replies`;
  const looks = await poster.looksFor(posting);
  try {
    const reply = await poster.once(looks, look, async () => pull.client.post(path, { body }, commentSchema));
    await poster.tell(posting, reply.html_url);
  } catch (error) {
    // Somebody has deleted the comment. The summary names the finding.
    if (!isRefused(error)) throw error;
  }
}

/** States of reviews that decide whether a pull request may be merged. */
const WORDS: Readonly<Record<string, string>> = {
  APPROVED: 'An earlier approval',
  CHANGES_REQUESTED: 'An earlier request for changes',
};

/**
 * Dismisses one's own earlier verdicts when the new one is a comment, since a comment lifts none. An approval or a request
 * for changes replaces them by itself, and what was not reviewed lifts no request for changes.
 * Returns what a maintainer has to do where GitHub refuses.
 */
export async function liftEarlierVerdicts(followUp: FollowUp, { verdict }: Review): Promise<string[]> {
  const { posts, target } = followUp;
  const lifted =
    verdict === 'comment' ? ['APPROVED', 'CHANGES_REQUESTED'] : verdict === 'not-reviewed' ? ['APPROVED'] : [];
  const earlier = posts.reviews
    .filter(({ state, body }) => lifted.includes(state) && isFleetReview(body) && !isAboutHead(body, target))
    .toReversed()
    .slice(0, MAX_DISMISSALS);
  const notes: string[] = [];
  for (const review of earlier) {
    if (await dismiss(followUp, review)) continue;
    const words = linkTo(WORDS[review.state] ?? '', review.html_url);
    notes.push(`${words} still stands, since this reviewer may not dismiss it. A maintainer must dismiss it.`);
  }
  return notes;
}

async function dismiss({ poster, pull, target }: FollowUp, review: PostedReview): Promise<boolean> {
  const posting = { kind: 'dismissal', marker: dismissedMarker(review.id) } as const;
  const path = `${pull.path}/reviews/${review.id}`;
  const body = { message: `The review of ${target.head} takes its place.`, event: 'DISMISS' };
  await poster.looksFor(posting);
  try {
    await poster.patient(() => poster.write(() => pull.client.put(`${path}/dismissals`, body, reviewSchema)));
  } catch (error) {
    if (!isRefused(error)) throw error;
    // After a lost answer, GitHub refuses to dismiss it a second time.
    const { state } = await poster.patient(() => pull.client.get(path, reviewSchema));
    if (state !== 'DISMISSED') return false;
  }
  await poster.tell(posting, review.html_url);
  return true;
}

const isRefused = (error: unknown): boolean =>
  error instanceof GithubError && (error.kind === 'forbidden' || error.kind === 'rejected');
