import { expect, it } from 'vitest';
import { isReviewed } from '../../pull-request/claim.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { publishPull } from '../../pull-request/publish.ts';
import { submitReview } from '../../pull-request/submit.ts';
import { delegate, reviewed } from './answer.ts';
import { execution, INJECTION, reviewing } from './reviewing.ts';

const [first, second, third] = [execution('first'), execution('second'), execution('third')];
const POSTED = { outcome: 'posted', verdict: 'approve' };

it('a head that comes back after another one gets a verdict of its own, once', async () => {
  const on = await reviewing();
  const old = on.pull.headSha();
  await reviewed(on, on.order, first);
  expect(await publishPull(on.ports, on.order(), first)).toEqual(POSTED);
  const other = await on.push(`${INJECTION}export const n = 1;\n`);
  await reviewed(on, on.order, second);
  expect(await publishPull(on.ports, on.order(), second)).toEqual(POSTED);
  await on.github.resetBranch('octo-org/shop', 'change', old);
  await reviewed(on, on.order, third);
  expect(await publishPull(on.ports, on.order(), third)).toEqual(POSTED);
  const { reviews, checkRuns } = on.pull.record();
  expect(reviews.map(({ commit, state }) => [commit, state])).toEqual([
    [old, 'APPROVED'],
    [other, 'APPROVED'],
    [old, 'APPROVED'],
  ]);
  expect(checkRuns.map(({ conclusion }) => conclusion)).toEqual(['success', 'success']);
  expect(await publishPull(on.ports, on.order(), third)).toEqual({ outcome: 'superseded' });
  expect(on.pull.record().reviews).toHaveLength(3);
});

it('a pull request whose review was not posted is reviewed when it is reopened', async () => {
  const on = await reviewing();
  await reviewed(on, on.order, first);
  await on.pull.close();
  expect(await publishPull(on.ports, on.order(), first)).toEqual({ outcome: 'moved' });
  expect(on.pull.record()).toMatchObject({ reviews: [], checkRuns: [{ conclusion: 'cancelled' }] });
  expect(on.claim()).toMatchObject({ state: 'stopped' });
  expect(await on.held()).toEqual([0, 0]);
  await on.pull.reopen();
  expect(await prepareReview(on.ports, on.order(), second)).toEqual({ outcome: 'review' });
  expect(on.claim()).toMatchObject({ execution: 'second', head: on.pull.headSha(), state: 'running' });
});

it('a head that no specialist could review may be reviewed again', async () => {
  const on = await reviewing();
  await prepareReview(on.ports, on.order(), first);
  await submitReview(on.ports, on.order(), first, 'token');
  const failure = { kind: 'transient', reason: 'No model.' } as const;
  const failed = { status: 'failed', finishedAt: 1, notified: true, failure } as const;
  await delegate(on, first, { specialists: failed, supervisor: failed });
  expect(await publishPull(on.ports, on.order(), first)).toEqual({ outcome: 'not-reviewed' });
  const claim = on.claim();
  if (claim === undefined) throw new Error('There is no claim.');
  expect(isReviewed(claim, on.clock.now())).toBe(false);
  expect(await on.held()).toEqual([0, 0]);
  expect(await publishPull(on.ports, on.order(), first)).toEqual({ outcome: 'superseded' });
  await reviewed(on, on.order, second);
  expect(await publishPull(on.ports, on.order(), second)).toEqual(POSTED);
});
