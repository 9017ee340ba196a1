import { auditAfterEnd, type AuditAfterEndPorts } from '#core/worker/audit-after-end.ts';
import type { TaskId } from '#core/tasks/task.ts';
import type { GithubAccess, GithubWrite } from '../github/client.ts';
import type { ReviewPorts } from './ports.ts';

/** What posting a review uses in addition. */
export type PublishPorts = ReviewPorts & Pick<AuditAfterEndPorts, 'audit'>;

/**
 * Access to GitHub whose writes are further calls of the supervisor's task: each is recorded in its audit trail before it
 * is sent, and its outcome after (I7). Where no task has ended, such as for a change with nothing to read, it is reported
 * only.
 */
export function auditedAccess(
  ports: Pick<PublishPorts, 'store' | 'audit' | 'ids' | 'clock' | 'report'>,
  taskId: TaskId,
  access: GithubAccess,
): GithubAccess {
  return {
    ...access,
    async write(write, send) {
      const call = { tool: toolOf(write), input: JSON.stringify(write) };
      const audited = await auditAfterEnd(ports, taskId, call, async () => {
        const result = await send();
        return { result, content: JSON.stringify(result) };
      });
      if (audited !== null) return audited.result;
      ports.report('review.unaudited', { tool: call.tool, contentDigest: ports.ids.digest(call.input) });
      return send();
    },
  };
}

const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/^POST .*\/pulls\/\d+\/reviews$/, 'github-post-review'],
  [/^POST .*\/comments\/\d+\/replies$/, 'github-reply'],
  [/^PUT .*\/reviews\/\d+\/dismissals$/, 'github-dismiss-review'],
  [/^PUT .*\/reviews\/\d+$/, 'github-edit-review'],
  [/^POST .*\/check-runs$/, 'github-open-check-run'],
  [/^PATCH .*\/check-runs\/\d+$/, 'github-conclude-check-run'],
];

const toolOf = ({ method, path }: GithubWrite): string =>
  TOOLS.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? `github-${method.toLowerCase()}`;
