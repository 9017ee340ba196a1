import { describe, expect, it } from 'vitest';
import { dayOf } from '#core/budgets/day-budget.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { taskIdOf } from '../../pull-request/task-id.ts';
import { giveUp, publishPull } from '../../pull-request/publish.ts';
import { submitReview } from '../../pull-request/submit.ts';
import { execution, INJECTION, reviewing } from './reviewing.ts';

const [first, second] = [execution('first'), execution('second')];

describe('the claim of a pull request', () => {
  it('is taken by the newest head, which stops the review of the one before and gives its money back', async () => {
    const on = await reviewing();
    expect(await prepareReview(on.ports, on.order(), first)).toEqual({ outcome: 'review' });
    await submitReview(on.ports, on.order(), first, 'token');
    expect(await on.held()).toEqual([on.usd(), on.usd()]);
    const head = await on.push(`${INJECTION}export const n = 1;\n`);
    expect(await prepareReview(on.ports, on.order({ head }), second)).toEqual({ outcome: 'review' });
    expect(on.stopped).toEqual([first.arn]);
    expect((await on.ports.store.get(taskIdOf(on.ports, first)))?.state.status).toBe('cancelled');
    expect(on.claim()).toMatchObject({ execution: 'second', head, replaces: [], unsettled: [] });
    expect(await on.held()).toEqual([on.usd(), on.usd()]);
    expect(await publishPull(on.ports, on.order(), first)).toEqual({ outcome: 'superseded' });
  });

  it('is not taken for an older head, however late its delivery arrives', async () => {
    const on = await reviewing();
    const late = on.order();
    const head = await on.push(`${INJECTION}export const n = 1;\n`);
    await prepareReview(on.ports, on.order({ head }), second);
    expect(await prepareReview(on.ports, late, first)).toEqual({ outcome: 'over', reason: 'its head has moved' });
    expect(on.claim()).toMatchObject({ execution: 'second', head });
    expect(on.stopped).toEqual([]);
  });

  it('is taken once for a head, and again when somebody asks', async () => {
    const on = await reviewing();
    await prepareReview(on.ports, on.order(), first);
    expect(await prepareReview(on.ports, on.order(), second)).toMatchObject({ outcome: 'over' });
    const asked = on.order({ kind: 'again', head: null });
    expect(await prepareReview(on.ports, asked, second)).toEqual({ outcome: 'review' });
    expect(on.stopped).toEqual([first.arn]);
  });

  it('is stopped when the pull request is closed, and taken again when it is reopened', async () => {
    const on = await reviewing();
    await prepareReview(on.ports, on.order(), first);
    on.clock.advance(61_000);
    await on.pull.close();
    const stop = on.order({ kind: 'stop', head: null });
    expect(await prepareReview(on.ports, stop, second)).toEqual({ outcome: 'over', reason: 'stopped' });
    expect(on.stopped).toEqual([first.arn]);
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'completed', conclusion: 'cancelled' }]);
    expect(await on.held()).toEqual([0, 0]);
    await on.pull.reopen();
    expect(await prepareReview(on.ports, on.order(), execution('third'))).toEqual({ outcome: 'review' });
  });
});

describe('a head that', () => {
  it('comes back after another one is reviewed again, under another name', async () => {
    const on = await reviewing();
    const old = on.order();
    await prepareReview(on.ports, old, first);
    const head = await on.push(`${INJECTION}export const n = 1;\n`);
    await prepareReview(on.ports, on.order({ head, before: old.head, pushed: true }), second);
    await on.github.resetBranch('octo-org/shop', 'change', old.head ?? '');
    const back = on.order({ before: head, pushed: true });
    expect(await prepareReview(on.ports, back, execution('third'))).toEqual({ outcome: 'review' });
    expect(on.claim()).toMatchObject({ execution: 'third', head: old.head });
  });

  it('GitHub does not show yet is waited for, but not for ever', async () => {
    const on = await reviewing();
    const coming = on.order({ head: 'f'.repeat(40), before: on.order().head, pushed: true });
    const started = { ...first, startedAt: on.clock.now() };
    expect(await prepareReview(on.ports, coming, started)).toEqual({ outcome: 'wait', seconds: 3 });
    const unknown = on.order({ number: 99 });
    expect(await prepareReview(on.ports, unknown, started)).toEqual({ outcome: 'wait', seconds: 3 });
    on.clock.advance(20_000);
    expect(await prepareReview(on.ports, coming, started)).toEqual({ outcome: 'over', reason: 'its head has moved' });
    expect(await prepareReview(on.ports, unknown, started)).toMatchObject({ outcome: 'over' });
  });

  it('moves while its own review begins again gives the claim and the check run back', async () => {
    const on = await reviewing();
    const order = on.order();
    await prepareReview(on.ports, order, first);
    on.clock.advance(61_000);
    const checkRun = on.claim()?.checkRun ?? 0;
    await on.push(`${INJECTION}export const n = 1;\n`);
    expect(await prepareReview(on.ports, order, first)).toEqual({ outcome: 'over', reason: 'its head has moved' });
    expect(on.claim()).toMatchObject({ state: 'stopped', unsettled: [] });
    expect(await on.checkRun(checkRun)).toMatchObject({ conclusion: 'cancelled' });
    expect(await on.held()).toEqual([0, 0]);
  });
});

describe('the money of a day', () => {
  it('stops a review before anything is spent when it is used up, and the check run says so', async () => {
    const on = await reviewing();
    const maxUsd = { pullRequest: 5, repository: 7, day: 200 };
    const counter = { of: 'tenant', name: 'octo-org/shop', day: dayOf(on.clock.now()) } as const;
    const spent = { usd: 6.9, tokens: 0 };
    await on.ports.budgets.reserve({ counter, most: {} }, spent, 0);
    await on.ports.budgets.settle(counter, spent, spent, 0);
    const ports = { ...on.ports, settings: { ...on.ports.settings, maxUsd } };
    const started = { ...first, startedAt: on.clock.now() };
    expect(await prepareReview(ports, on.order(), started)).toEqual({ outcome: 'over', reason: 'no money left today' });
    const [run] = on.pull.record().checkRuns;
    expect(await on.checkRun(run?.id ?? 0)).toMatchObject({
      status: 'completed',
      conclusion: 'neutral',
      output: { title: 'Not reviewed: the budget of today is used up' },
    });
    expect(await on.held()).toEqual([6.9, 0]);
    expect(on.claim()?.state).toBe('stopped');
  });

  it('comes back when a review is given up while GitHub limits the app', async () => {
    const on = await reviewing();
    await prepareReview(on.ports, on.order(), first);
    await submitReview(on.ports, on.order(), first, 'token');
    on.github.fault({ fault: 'secondary-limit', method: 'PATCH', path: '/check-runs', times: 1, seconds: 72 });
    await expect(giveUp(on.ports, on.order(), first)).rejects.toMatchObject({ kind: 'throttled' });
    expect(on.claim()).toMatchObject({ state: 'stopped', unsettled: [] });
    expect(await on.held()).toEqual([0, 0]);
    expect(await giveUp(on.ports, on.order(), first)).toEqual({ outcome: 'given-up' });
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'completed', conclusion: 'neutral' }]);
  });

  it('comes back when a review is given up', async () => {
    const on = await reviewing();
    await prepareReview(on.ports, on.order(), first);
    // Until then its task may still be submitted.
    on.clock.advance(61_000);
    expect(await giveUp(on.ports, on.order(), first)).toEqual({ outcome: 'given-up' });
    expect(await on.held()).toEqual([0, 0]);
    expect(on.claim()).toMatchObject({ state: 'stopped', unsettled: [] });
    expect(on.pull.record().checkRuns).toMatchObject([{ status: 'completed', conclusion: 'neutral' }]);
  });
});
