import { auditAfterEnd } from '#core/worker/audit-after-end.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { GithubClient, type GithubAccess, type GithubWrite } from '../github/client.ts';
import type { Execution } from './claim.ts';
import type { PullRequest } from './order.ts';
import type { ReviewPorts } from './ports.ts';
import { taskIdOf } from './task-id.ts';

/**
 * Access to GitHub whose writes are further calls of the supervisor's task: each is recorded in its audit trail before it
 * is sent, and its outcome after (I7). Where no task has ended, it is reported before it is sent: a check run is opened before
 * there is a task, and a change with nothing to read has none.
 */
export function auditedAccess(
  ports: Pick<ReviewPorts, 'store' | 'audit' | 'ids' | 'clock' | 'report'>,
  taskId: TaskId | null,
  access: GithubAccess,
): GithubAccess {
  return {
    ...access,
    async write(write, send) {
      const call = { tool: toolOf(write), input: JSON.stringify(write) };
      const audited =
        taskId === null
          ? null
          : await auditAfterEnd(ports, taskId, call, async () => {
              const result = await send();
              return { result, content: JSON.stringify(result) };
            });
      if (audited !== null) return audited.result;
      ports.report('review.unaudited', { taskId, tool: call.tool, contentDigest: ports.ids.digest(call.input) });
      return send();
    },
  };
}

/** Access to the repository of a pull request, whose writes are in the audit trail of a review's task. */
export const accessTo = async (
  ports: Pick<ReviewPorts, 'store' | 'audit' | 'ids' | 'clock' | 'report' | 'access'>,
  pull: PullRequest,
  taskId: TaskId | null,
): Promise<GithubAccess> => auditedAccess(ports, taskId, await ports.access.to(pull));

/** A client for the repository of a pull request, whose writes are in the audit trail of an execution's task. */
export const clientOf = async (ports: ReviewPorts, pull: PullRequest, execution: Execution): Promise<GithubClient> =>
  new GithubClient(await accessTo(ports, pull, taskIdOf(ports, execution)));

const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/^POST .*\/pulls\/\d+\/reviews$/, 'github-post-review'],
  [/^POST .*\/comments\/\d+\/replies$/, 'github-reply'],
  [/^PUT .*\/reviews\/\d+\/dismissals$/, 'github-dismiss-review'],
  [/^PUT .*\/reviews\/\d+$/, 'github-edit-review'],
  [/^DELETE .*\/reviews\/\d+$/, 'github-delete-pending-review'],
  [/^POST .*\/check-runs$/, 'github-open-check-run'],
  [/^PATCH .*\/check-runs\/\d+$/, 'github-conclude-check-run'],
];

function toolOf({ method, path, body }: GithubWrite): string {
  const tool = TOOLS.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? `github-${method.toLowerCase()}`;
  const isStart = 'status' in body && body.status === 'in_progress';
  return tool === 'github-conclude-check-run' && isStart ? 'github-start-check-run' : tool;
}
