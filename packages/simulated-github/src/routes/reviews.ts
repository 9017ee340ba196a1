import { z } from 'zod';
import { checkLength, notFound, unprocessable } from '../http/api-error.ts';
import { userOf } from '../http/auth.ts';
import { parseBody } from '../http/body.ts';
import { abuse } from '../http/faults.ts';
import { listAnswer } from '../http/pages.ts';
import {
  idOf,
  pullOf,
  repositoryRoutes,
  writerOf,
  type Answer,
  type RepositoryCall,
  type Route,
} from '../http/route.ts';
import { commentOfReviewView, reviewView } from '../views/review.ts';
import { relocate } from '../world/anchors.ts';
import { pullFiles } from '../world/diffs.ts';
import { newComment, placeReviewComment, reviewCommentSchema } from '../world/comments.ts';
import { isCommitOf } from '../world/commits.ts';
import { hideFresh } from '../world/stale.ts';
import {
  REVIEW_EVENTS,
  type PullRequest,
  type Review,
  type ReviewEvent,
  type ReviewState,
  type User,
} from '../world/types.ts';
import { visibleReviews } from '../world/world.ts';
import { exclusively } from '../world/write.ts';

const MANY = '/pulls/{number}/reviews';
const ONE = `${MANY}/{review}`;

const eventSchema = z.enum(REVIEW_EVENTS);
const creationSchema = z.object({
  commit_id: z.string().nullish(),
  body: z.string().nullish(),
  event: z.union([eventSchema, z.literal('')]).nullish(),
  comments: z.array(reviewCommentSchema).nullish(),
});

const STATES: Readonly<Record<ReviewEvent, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

/** Checks what an event needs: a text, and a pull request of somebody else for a verdict. */
function checkEvent(pull: PullRequest, user: User, event: ReviewEvent | undefined, body: string): void {
  if (event === undefined) return;
  if (user === pull.author && event !== 'COMMENT') {
    const verdict = event === 'APPROVE' ? 'approve' : 'request changes on';
    throw unprocessable(`Can not ${verdict} your own pull request`);
  }
  if (event !== 'APPROVE' && body === '') throw unprocessable("Body can't be blank");
}

const pendingOf = (pull: PullRequest, user: User): Review | undefined =>
  [...pull.reviews.values()].find((review) => review.user === user && review.state === 'PENDING');

/** Creates a review with all its comments, or with none of them when one is wrong. */
async function createReview(call: RepositoryCall): Promise<Answer> {
  const { world } = call;
  const [pull, user] = [pullOf(call), writerOf(call)];
  const wanted = parseBody(call, creationSchema);
  const [body, comments] = [wanted.body ?? '', wanted.comments ?? []];
  const event = wanted.event === '' ? undefined : (wanted.event ?? undefined);
  checkLength('PullRequestReview', body);
  for (const comment of comments) checkLength('PullRequestReview', comment.body);
  if (comments.length > world.options.limits.reviewComments) throw abuse(call.path);
  checkEvent(pull, user, event, body);
  const review = await exclusively(call, pull, user, async () => {
    const commit = wanted.commit_id ?? pull.head.sha;
    if (pendingOf(pull, user) !== undefined)
      throw unprocessable('User can only have one pending review per pull request');
    if (!(await isCommitOf(pull, commit))) throw unprocessable('The commitOID is not part of the pull request');
    const files = await pullFiles(pull, commit);
    const placed = comments.map((comment) => placeReviewComment(files, comment));
    const state = event === undefined ? 'PENDING' : STATES[event];
    const submittedAt = event === undefined ? null : world.now();
    const created: Review = { id: world.newId(), pull, user, commit, body, state, submittedAt };
    pull.reviews.set(created.id, created);
    for (const each of placed) newComment(world, created, each);
    if (commit !== pull.head.sha) await relocate(pull);
    return created;
  });
  return { status: 200, json: reviewView(world, review) };
}

/** The review that the path names, if the caller can see it. */
function reviewOf(call: RepositoryCall): Review {
  const review = pullOf(call).reviews.get(idOf(call, 'review'));
  if (review === undefined) throw notFound();
  if (review.state === 'PENDING' && review.user !== userOf(call.actor)) throw notFound();
  return review;
}

async function submitReview(call: RepositoryCall): Promise<Answer> {
  const { world } = call;
  const [review, user] = [reviewOf(call), writerOf(call)];
  const wanted = parseBody(call, z.object({ body: z.string().nullish(), event: eventSchema }));
  const body = wanted.body ?? review.body;
  checkLength('PullRequestReview', body);
  if (review.state !== 'PENDING') throw unprocessable('Can not submit a review that is not pending');
  checkEvent(review.pull, user, wanted.event, body);
  await exclusively(call, review.pull, user, async () => {
    Object.assign(review, { body, state: STATES[wanted.event], submittedAt: world.now() });
  });
  return { status: 200, json: reviewView(world, review) };
}

function editReview(call: RepositoryCall): Answer {
  const review = reviewOf(call);
  const { body } = parseBody(call, z.object({ body: z.string() }));
  checkLength('PullRequestReview', body);
  if (review.user !== writerOf(call)) throw unprocessable('Can not edit the review of another user');
  review.body = body;
  return { status: 200, json: reviewView(call.world, review) };
}

function deleteReview(call: RepositoryCall): Answer {
  const review = reviewOf(call);
  if (review.state !== 'PENDING') throw unprocessable('Can not delete a non-pending pull request review');
  const json = reviewView(call.world, review);
  review.pull.reviews.delete(review.id);
  for (const comment of review.pull.comments.values())
    if (comment.review === review) review.pull.comments.delete(comment.id);
  return { status: 200, json };
}

function dismissReview(call: RepositoryCall): Answer {
  const review = reviewOf(call);
  parseBody(call, z.object({ message: z.string().min(1), event: z.literal('DISMISS').optional() }));
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    const state = review.state === 'COMMENTED' ? 'commented' : review.state.toLowerCase();
    throw unprocessable(`Can not dismiss a ${state} pull request review`);
  }
  review.state = 'DISMISSED';
  return { status: 200, json: reviewView(call.world, review) };
}

function listReviews(call: RepositoryCall): Answer {
  const reviews = visibleReviews(pullOf(call), userOf(call.actor));
  const shown = hideFresh(call, reviews, ({ submittedAt }) => submittedAt);
  return listAnswer(call, shown, (review) => reviewView(call.world, review));
}

function listCommentsOf(call: RepositoryCall): Answer {
  const review = reviewOf(call);
  const comments = [...review.pull.comments.values()].filter((comment) => comment.review === review);
  return listAnswer(call, comments, (comment) => commentOfReviewView(call.world, comment));
}

const route = repositoryRoutes('pulls/reviews', 'pull_requests');

export const reviewRoutes: readonly Route[] = [
  route('GET', MANY, 'list-reviews-for-a-pull-request', listReviews),
  route('POST', MANY, 'create-a-review-for-a-pull-request', createReview, 'create'),
  route('GET', ONE, 'get-a-review-for-a-pull-request', (call) => ({
    status: 200,
    json: reviewView(call.world, reviewOf(call)),
  })),
  route('PUT', ONE, 'update-a-review-for-a-pull-request', editReview),
  route('DELETE', ONE, 'delete-a-pending-review-for-a-pull-request', deleteReview),
  route('GET', `${ONE}/comments`, 'list-comments-for-a-pull-request-review', listCommentsOf),
  route('POST', `${ONE}/events`, 'submit-a-review-for-a-pull-request', submitReview, 'create'),
  route('PUT', `${ONE}/dismissals`, 'dismiss-a-review-for-a-pull-request', dismissReview),
];
