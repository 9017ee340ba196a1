import { listAnswer } from '../http/pages.ts';
import { pullOf, repositoryRoutes, writerOf, type Answer, type RepositoryCall, type Route } from '../http/route.ts';
import { issueCommentView } from '../views/review.ts';
import { addIssueComment } from '../world/issue-comments.ts';
import { hideFresh } from '../world/stale.ts';
import type { IssueComment } from '../world/types.ts';
import { bodyOf, checkComment, commentOf, own } from './own-comment.ts';

function readBody(call: RepositoryCall): string {
  const body = bodyOf(call);
  checkComment('IssueComment', body);
  return body;
}

function createComment(call: RepositoryCall): Answer {
  const comment = addIssueComment(call.world, pullOf(call), writerOf(call), readBody(call));
  const view = issueCommentView(call.world, comment);
  return { status: 201, json: view, headers: { location: String(view['url']) } };
}

function listComments(call: RepositoryCall): Answer {
  const since = Date.parse(call.query.get('since') ?? '') || 0;
  const found = [...pullOf(call).issueComments.values()].filter(({ updatedAt }) => updatedAt >= since);
  const shown = hideFresh(call, found, ({ createdAt }) => createdAt);
  return listAnswer(call, shown, (comment) => issueCommentView(call.world, comment));
}

const named = (call: RepositoryCall): IssueComment => commentOf(call, (pull, id) => pull.issueComments.get(id));

function editComment(call: RepositoryCall): Answer {
  const comment = own(call, named(call));
  Object.assign(comment, { body: readBody(call), updatedAt: call.world.now() });
  return { status: 200, json: issueCommentView(call.world, comment) };
}

function deleteComment(call: RepositoryCall): Answer {
  const comment = own(call, named(call));
  comment.pull.issueComments.delete(comment.id);
  return { status: 204 };
}

const ONE = '/issues/comments/{comment}';
const MANY = '/issues/{number}/comments';

/** On a pull request, either permission is enough. */
const route = repositoryRoutes('issues/comments', 'issues', 'pull_requests');

export const issueCommentRoutes: readonly Route[] = [
  route('GET', ONE, 'get-an-issue-comment', (call) => ({
    status: 200,
    json: issueCommentView(call.world, named(call)),
  })),
  route('PATCH', ONE, 'update-an-issue-comment', editComment),
  route('DELETE', ONE, 'delete-an-issue-comment', deleteComment),
  route('GET', MANY, 'list-issue-comments', listComments),
  route('POST', MANY, 'create-an-issue-comment', createComment, 'create'),
];
