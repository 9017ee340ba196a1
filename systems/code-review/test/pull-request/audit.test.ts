import { expect, it } from 'vitest';
import { auditedAccess } from '../../pull-request/audited-access.ts';
import { taskIdOf } from '../../pull-request/prepare.ts';
import { publishPull } from '../../pull-request/publish.ts';
import { ended, first } from './ended.ts';
import { execution } from './reviewing.ts';

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

it('I7: an error of GitHub is an outcome, and a write without a task is reported', async () => {
  const on = await ended();
  const reported: object[] = [];
  const ports = { ...on.ports, report: (event: string, fields: object) => void reported.push({ event, ...fields }) };
  const access = { url: on.github.url, token: 't' };
  const write = { method: 'POST', path: '/repos/a/b/pulls/1/reviews', body: { body: 'text' } } as const;
  const audited = auditedAccess(ports, on.id, access);
  await expect(audited.write?.(write, () => Promise.reject(new Error('502')))).rejects.toThrow('502');
  expect((await on.verdict())?.chain.at(-1)).toMatchObject({ tool: 'github-post-review', outcome: 'error' });
  const gone = auditedAccess(ports, taskIdOf(on.ports, execution('none')), access);
  expect(await gone.write?.(write, async () => ({ id: 1 }))).toEqual({ id: 1 });
  expect(reported).toMatchObject([{ event: 'review.unaudited', tool: 'github-post-review' }]);
});
