import { z } from 'zod';
import { notFound, validationFailed } from '../http/api-error.ts';
import { userOf } from '../http/auth.ts';
import { parseBody } from '../http/body.ts';
import { listAnswer, oneOf } from '../http/pages.ts';
import {
  idOf,
  pullOf,
  repositoryRoutes,
  writerOf,
  type Answer,
  type RepositoryCall,
  type Route,
} from '../http/route.ts';
import { commentView } from '../views/review.ts';
import {
  foreignCommit,
  newComment,
  placeSingleComment,
  reviewCommentSchema,
  type PlacedComment,
} from '../world/comments.ts';
import { isCommitOf } from '../world/commits.ts';
import { pullFiles } from '../world/diffs.ts';
import { relocate } from '../world/anchors.ts';
import { hideFresh } from '../world/stale.ts';
import type { PullRequest, ReviewComment } from '../world/types.ts';
import { exclusively } from '../world/write.ts';
import { bodyOf, checkComment, commentOf, own } from './own-comment.ts';

const creationSchema = reviewCommentSchema.extend({
  commit_id: z.string(),
  subject_type: z.enum(['line', 'file']).nullish(),
  in_reply_to: z.int().nullish(),
});
const RESOURCE = 'PullRequestReviewComment';

const visible = (call: RepositoryCall, comment: ReviewComment): boolean =>
  comment.review.state !== 'PENDING' || comment.user === userOf(call.actor);

/** Creates a single comment, and with it a review of its own, as GitHub does. */
async function createComment(call: RepositoryCall): Promise<Answer> {
  const pull = pullOf(call);
  const wanted = parseBody(call, creationSchema);
  if (typeof wanted.in_reply_to === 'number') {
    const first = pull.comments.get(wanted.in_reply_to);
    if (first === undefined) throw notFound();
    return reply(call, pull, first, wanted.body);
  }
  checkComment(RESOURCE, wanted.body);
  return store(call, pull, wanted.commit_id, async () => {
    if (!(await isCommitOf(pull, wanted.commit_id))) throw foreignCommit();
    const files = await pullFiles(pull, wanted.commit_id);
    if (wanted.subject_type !== 'file') return placeSingleComment(files, wanted);
    if (!files.some(({ filename }) => filename === wanted.path)) return placeSingleComment(files, wanted);
    return { path: wanted.path, body: wanted.body, placed: 'file' };
  });
}

async function store(
  call: RepositoryCall,
  pull: PullRequest,
  commit: string,
  placed: () => Promise<PlacedComment>,
): Promise<Answer> {
  const { world } = call;
  const user = writerOf(call);
  const comment = await exclusively(call, pull, user, async () => {
    const pending = [...pull.reviews.values()].some((each) => each.user === user && each.state === 'PENDING');
    const field = 'user_id';
    const message = 'user_id can only have one pending review per pull request';
    if (pending) throw validationFailed({ resource: 'PullRequestReview', code: 'custom', field, message });
    const ready = await placed();
    const review = { id: world.newId(), pull, user, commit, body: '', submittedAt: world.now() };
    const created = { ...review, state: 'COMMENTED' as const };
    pull.reviews.set(created.id, created);
    const stored = newComment(world, created, ready);
    if (commit !== pull.head.sha) await relocate(pull);
    return stored;
  });
  const view = commentView(world, comment);
  return { status: 201, json: view, headers: { location: String(view['url']) } };
}

async function reply(call: RepositoryCall, pull: PullRequest, first: ReviewComment, body: string): Promise<Answer> {
  checkComment(RESOURCE, body);
  if (first.inReplyTo !== undefined) {
    const message = 'in_reply_to must be a top-level comment';
    const field = 'in_reply_to';
    throw validationFailed({ resource: RESOURCE, code: 'custom', field, message });
  }
  const { diffHunk, path, original } = first;
  const placed = original === null ? ('file' as const) : { anchor: original, diffHunk };
  return store(call, pull, first.originalCommit, async () => ({ path, body, placed, inReplyTo: first }));
}

async function createReply(call: RepositoryCall): Promise<Answer> {
  const pull = pullOf(call);
  const first = pull.comments.get(idOf(call, 'comment'));
  if (first === undefined || !visible(call, first)) throw notFound();
  return reply(call, pull, first, bodyOf(call));
}

function listComments(call: RepositoryCall): Answer {
  const sort = oneOf(call, 'sort', ['created', 'updated', 'created_at'], 'created');
  const direction = oneOf(call, 'direction', ['asc', 'desc'], 'asc');
  const since = Date.parse(call.query.get('since') ?? '') || 0;
  const key = (comment: ReviewComment): number => (sort === 'updated' ? comment.updatedAt : comment.id);
  const found = [...pullOf(call).comments.values()]
    .filter((comment) => visible(call, comment) && comment.updatedAt >= since)
    .sort((a, b) => (key(a) - key(b)) * (direction === 'asc' ? 1 : -1));
  const shown = hideFresh(call, found, ({ createdAt }) => createdAt);
  return listAnswer(call, shown, (comment) => commentView(call.world, comment));
}

const named = (call: RepositoryCall): ReviewComment =>
  commentOf(call, (pull, id) => {
    const found = pull.comments.get(id);
    return found !== undefined && visible(call, found) ? found : undefined;
  });

function editComment(call: RepositoryCall): Answer {
  const comment = own(call, named(call));
  const body = bodyOf(call);
  checkComment(RESOURCE, body);
  Object.assign(comment, { body, updatedAt: call.world.now() });
  return { status: 200, json: commentView(call.world, comment) };
}

function deleteComment(call: RepositoryCall): Answer {
  const comment = own(call, named(call));
  comment.review.pull.comments.delete(comment.id);
  return { status: 204 };
}

const ONE = '/pulls/comments/{comment}';
const MANY = '/pulls/{number}/comments';

const route = repositoryRoutes('pulls/comments', 'pull_requests');

export const commentRoutes: readonly Route[] = [
  route('GET', ONE, 'get-a-review-comment-for-a-pull-request', (call) => ({
    status: 200,
    json: commentView(call.world, named(call)),
  })),
  route('PATCH', ONE, 'update-a-review-comment-for-a-pull-request', editComment),
  route('DELETE', ONE, 'delete-a-review-comment-for-a-pull-request', deleteComment),
  route('GET', MANY, 'list-review-comments-on-a-pull-request', listComments),
  route('POST', MANY, 'create-a-review-comment-for-a-pull-request', createComment, 'create'),
  route('POST', `${MANY}/{comment}/replies`, 'create-a-reply-for-a-review-comment', createReply, 'create'),
];
