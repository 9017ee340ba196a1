import { z } from 'zod';
import { checkLength, notFound, validationFailed } from '../http/api-error.ts';
import { parseBody } from '../http/body.ts';
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
import { issueCommentView } from '../views/review.ts';
import { addIssueComment } from '../world/issue-comments.ts';
import { hideFresh } from '../world/stale.ts';
import type { IssueComment } from '../world/types.ts';

const bodySchema = z.object({ body: z.string() });

function readBody(call: RepositoryCall): string {
  const { body } = parseBody(call, bodySchema);
  checkLength('IssueComment', body);
  if (body.trim() === '') throw validationFailed({ resource: 'IssueComment', code: 'missing_field', field: 'body' });
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

function commentOf(call: RepositoryCall): IssueComment {
  const id = idOf(call, 'comment');
  for (const pull of call.repository.pulls.values()) {
    const found = pull.issueComments.get(id);
    if (found !== undefined) return found;
  }
  throw notFound();
}

function ownComment(call: RepositoryCall): IssueComment {
  const comment = commentOf(call);
  if (comment.user !== writerOf(call)) throw notFound();
  return comment;
}

function editComment(call: RepositoryCall): Answer {
  const comment = ownComment(call);
  Object.assign(comment, { body: readBody(call), updatedAt: call.world.now() });
  return { status: 200, json: issueCommentView(call.world, comment) };
}

function deleteComment(call: RepositoryCall): Answer {
  const comment = ownComment(call);
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
    json: issueCommentView(call.world, commentOf(call)),
  })),
  route('PATCH', ONE, 'update-an-issue-comment', editComment),
  route('DELETE', ONE, 'delete-an-issue-comment', deleteComment),
  route('GET', MANY, 'list-issue-comments', listComments),
  route('POST', MANY, 'create-an-issue-comment', createComment, 'create'),
];
