import { describe, expect, it } from 'vitest';
import { UnreadableRecord } from '#core/stored/record.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { giveUp, publishPull } from '../../pull-request/publish.ts';
import { settleHeld } from '../../reconcile/settle-held.ts';
import { reviewed } from '../pull-request/answer.ts';
import { execution, failing, reviewing } from '../pull-request/reviewing.ts';
import { cancelled, stoppedReview } from './settling.ts';

const HOUR = 3_600_000;

describe('the money of a review that was stopped while a worker had its task', () => {
  it('is settled once the task has ended, though nobody claims the pull request again', async () => {
    const on = await stoppedReview();
    expect(await settleHeld(on.ports)).toBe(0);
    expect(await on.held()).toEqual([5, 5]);
    await on.become(cancelled, 0.25);
    expect(await settleHeld(on.ports)).toBe(1);
    expect(await on.held()).toEqual([0.25, 0.25]);
    expect(await on.spent()).toEqual([0.25, 0.25]);
    expect(await on.claim()).toMatchObject({ execution: 'first', state: 'stopped', unsettled: [] });
    expect(await on.noted()).toEqual([]);
    expect(await settleHeld(on.ports)).toBe(0);
  });

  it('is given back by one of several runs at the same time', async () => {
    const on = await stoppedReview();
    await on.become(cancelled, 0.25);
    await Promise.all([settleHeld(on.ports), settleHeld(on.ports), settleHeld(on.ports)]);
    expect(await on.spent()).toEqual([0.25, 0.25]);
    expect(await on.held()).toEqual([0.25, 0.25]);
  });

  it('is given back at most once, and let go of, when a run crashes at any call', async () => {
    let crashes = 0;
    for (let at = 1; ; at += 1) {
      const on = await stoppedReview();
      await on.become(cancelled, 0.25);
      const crashed = await settleHeld(failing(on.ports, at).ports).then(
        () => false,
        (error: Error) => error.message === 'The function crashed.',
      );
      await settleHeld(on.ports);
      expect({ at, noted: await on.noted() }).toEqual({ at, noted: [] });
      expect(await on.claim()).toMatchObject({ unsettled: [] });
      // D1: a counter may be too high after a crash, never too low.
      for (const usd of await on.held()) expect([0.25, 5]).toContain(usd);
      if (!crashed) break;
      crashes += 1;
    }
    expect(crashes).toBe(8);
  });

  it('is looked for while there is time', async () => {
    const on = await stoppedReview();
    await on.become(cancelled);
    expect(await settleHeld({ ...on.ports, mayGoOn: () => false })).toBe(0);
    expect(await on.noted()).toEqual(['first']);
  });
});

describe('a claim', () => {
  it('whose execution has died is stopped with its task; what is open on GitHub waits for the next review', async () => {
    const on = await stoppedReview((held) => ({ state: 'running', checkRun: 12, held, unsettled: [] }));
    on.clock.advance(2 * HOUR);
    expect(await settleHeld(on.ports)).toBe(0);
    expect((await on.task())?.state).toMatchObject({ cancelRequested: false });
    on.clock.advance(2 * HOUR);
    await settleHeld(on.ports);
    const replaces = [{ arn: 'arn:first', taskId: on.money.taskId, checkRun: 12 }];
    expect(await on.claim()).toMatchObject({ state: 'stopped', unsettled: [on.money], replaces });
    expect((await on.task())?.state).toMatchObject({ cancelRequested: true });
    await on.become(cancelled, 0.25);
    expect(await settleHeld(on.ports)).toBe(1);
    expect(await on.claim()).toMatchObject({ unsettled: [], replaces });
    expect(await on.held()).toEqual([0.25, 0.25]);
  });

  it('that this release cannot read is left alone, and a person is told', async () => {
    const on = await stoppedReview();
    const reported: string[] = [];
    const get = async (): Promise<never> => Promise.reject(new UnreadableRecord('The claim', 'an unknown state'));
    const ports = { ...on.ports, claims: { ...on.ports.claims, get } };
    expect(await settleHeld({ ...ports, report: (event) => void reported.push(event) })).toBe(0);
    expect(reported).toEqual(['reconcile.not-settled']);
    expect(await on.noted()).toEqual(['first']);
  });
});

describe('a review that cannot be settled', () => {
  it('keeps no other one from being settled, and fails the run afterwards', async () => {
    const on = await stoppedReview();
    await on.become(cancelled, 0.25);
    const bad = { pull: { repository: 'aaa/first', number: 1, installation: null }, execution: 'bad' };
    const held: typeof on.ports.held = {
      ...on.ports.held,
      async *list() {
        yield bad;
        yield* on.ports.held.list();
      },
    };
    const claims: typeof on.ports.claims = {
      ...on.ports.claims,
      get: async (pull) =>
        pull.repository === 'aaa/first' ? Promise.reject(new Error('No answer.')) : on.ports.claims.get(pull),
    };
    await expect(settleHeld({ ...on.ports, held, claims })).rejects.toThrow('No answer.');
    expect(await on.held()).toEqual([0.25, 0.25]);
    expect(await on.noted()).toEqual([]);
  });

  it('is looked at again when another execution has claimed the pull request meanwhile', async () => {
    const on = await stoppedReview();
    await on.become(cancelled, 0.25);
    const replace = async (): Promise<'conflict'> => 'conflict';
    expect(await settleHeld({ ...on.ports, claims: { ...on.ports.claims, replace } })).toBe(0);
    expect(await on.noted()).toEqual(['first']);
  });
});

describe('the money of a review on GitHub', () => {
  it('is noted before it is held, left alone while the review is under way, and forgotten afterwards', async () => {
    const on = await reviewing();
    const first = execution('first');
    const ports = { ...on.ports, mayGoOn: () => true };
    await reviewed(on, on.order, first);
    expect(await settleHeld(ports)).toBe(0);
    expect(await on.held()).toEqual([on.usd(), on.usd()]);
    expect(await publishPull(on.ports, on.order(), first)).toMatchObject({ outcome: 'posted' });
    expect(await settleHeld(ports)).toBe(1);
    expect(await settleHeld(ports)).toBe(0);
  });

  it('comes back after the review is given up before its task was there', async () => {
    const on = await reviewing();
    const first = execution('first');
    const ports = { ...on.ports, mayGoOn: () => true };
    await prepareReview(on.ports, on.order(), first);
    const usd = on.usd();
    await giveUp(on.ports, on.order(), first);
    // Its task may still be submitted.
    expect(await settleHeld(ports)).toBe(0);
    expect(await on.held()).toEqual([usd, usd]);
    on.clock.advance(61_000);
    expect(await settleHeld(ports)).toBe(1);
    expect(await on.held()).toEqual([0, 0]);
  });
});
