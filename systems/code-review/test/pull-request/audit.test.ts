import { expect, it } from 'vitest';
import { verifyTask } from '#core/audit/verify-task.ts';
import { apply } from '#core/tasks/apply.ts';
import { advance } from '#core/tasks/transition.ts';
import { auditedAccess } from '../../pull-request/audited-access.ts';
import { prepareReview, taskIdOf } from '../../pull-request/prepare.ts';
import { publishPull } from '../../pull-request/publish.ts';
import { submitReview } from '../../pull-request/submit.ts';
import { succeeded } from '#test/contract/samples.ts';
import { execution, failing, reviewing } from './reviewing.ts';

const first = execution('first');

/** A review whose supervisor has ended without a specialist. */
async function ended() {
  const on = await reviewing();
  await prepareReview(on.ports, on.order(), first);
  await submitReview(on.ports, on.order(), first, 'token');
  const id = taskIdOf(on.ports, first);
  const task = await on.ports.store.get(id);
  if (task === null) throw new Error('The task is not there.');
  await apply(on.ports.store, task, (current) => advance(current, { state: succeeded(1) }));
  const { store, ids } = on.ports;
  const verdict = async () => (await verifyTask({ reader: on.audit, store, ids }, id))[0];
  return { ...on, id, verdict };
}

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

it('I7: a crash at any call, and its repetition, leave the trail whole', async () => {
  let crashes = 0;
  for (let at = 1; ; at += 1) {
    const on = await ended();
    const crashing = failing(on.ports, at);
    const crashed = await publishPull(crashing.ports, on.order(), first).then(
      () => false,
      (error: Error) => error.message === 'The function crashed.',
    );
    expect(await on.verdict()).toMatchObject({ whole: true });
    if (!crashed) break;
    await publishPull(on.ports, on.order(), first);
    expect(await on.verdict()).toMatchObject({ whole: true, announced: null });
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'completed', conclusion: 'neutral' }]);
    crashes += 1;
  }
  expect(crashes).toBeGreaterThan(8);
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
