import { expect, it } from 'vitest';
import { verifyTask } from '#core/audit/verify-task.ts';
import { auditedAccess } from '../../pull-request/audited-access.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { taskIdOf } from '../../pull-request/task-id.ts';
import { publishPull } from '../../pull-request/publish.ts';
import { ended, first } from './ended.ts';
import { submitReview } from '../../pull-request/submit.ts';
import { execution, INJECTION, reviewing } from './reviewing.ts';

it('I7: what is posted is a call of the supervisor’s task, without its text', async () => {
  const on = await ended();
  expect(await publishPull(on.ports, on.order(), first)).toEqual({ outcome: 'not-reviewed' });
  const verdict = await on.verdict();
  expect(verdict).toMatchObject({ whole: true, announced: null });
  expect(verdict?.chain.map(({ tool, phase, outcome }) => [tool, phase, outcome])).toEqual([
    ['github-conclude-check-run', 'before', undefined],
    ['github-conclude-check-run', 'after', 'ok'],
  ]);
  expect(JSON.stringify(on.audit.entries())).not.toContain('Not reviewed');
});

it('I7: the check run of a review that is stopped is cancelled by a call of its task', async () => {
  const on = await reviewing();
  const reported: object[] = [];
  const ports = { ...on.ports, report: (event: string, fields: object) => void reported.push({ event, ...fields }) };
  await prepareReview(ports, on.order(), first);
  // There is no task yet. The digest is in the log, and the conclusion of the check run will be in the trail.
  const id = taskIdOf(ports, first);
  const opened = { event: 'review.unaudited', taskId: id, tool: 'github-open-check-run' };
  const started = { ...opened, tool: 'github-start-check-run' };
  expect(reported).toMatchObject([opened, started]);
  await submitReview(ports, on.order(), first, 'token');
  const head = await on.push(`${INJECTION}export const n = 1;\n`);
  await prepareReview(ports, on.order({ head }), execution('second'));
  const [verdict] = await verifyTask({ reader: on.audit, store: ports.store, ids: ports.ids }, id);
  expect(verdict).toMatchObject({ whole: true, announced: null });
  expect(verdict?.chain.map(({ tool, phase }) => [tool, phase])).toEqual([
    ['github-conclude-check-run', 'before'],
    ['github-conclude-check-run', 'after'],
  ]);
  const taskId = taskIdOf(ports, execution('second'));
  expect(reported).toMatchObject([opened, started, { ...opened, taskId }, { ...started, taskId }]);
});

it('I7: an error of GitHub is an outcome, and a write without a task is reported', async () => {
  const on = await ended();
  const reported: object[] = [];
  const ports = { ...on.ports, report: (event: string, fields: object) => void reported.push({ event, ...fields }) };
  const access = { url: on.github.url, token: 't' };
  const write = { method: 'POST', path: '/repos/a/b/pulls/1/reviews', body: { body: 'text' } } as const;
  const audited = auditedAccess(ports, on.id, access);
  await expect(audited.write?.(write, () => Promise.reject(new Error('502')))).rejects.toThrow('502');
  expect((await on.verdict())?.chain.at(-1)).toMatchObject({ tool: 'github-post-review', outcome: 'error' });
  const deletion = { method: 'DELETE', path: '/repos/a/b/pulls/1/reviews/7', body: {} } as const;
  await audited.write?.(deletion, async () => null);
  expect((await on.verdict())?.chain.at(-1)).toMatchObject({ tool: 'github-delete-pending-review', outcome: 'ok' });
  const gone = auditedAccess(ports, taskIdOf(on.ports, execution('none')), access);
  expect(await gone.write?.(write, async () => ({ id: 1 }))).toEqual({ id: 1 });
  expect(reported).toMatchObject([{ event: 'review.unaudited', tool: 'github-post-review' }]);
});
