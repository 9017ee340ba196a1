import { describe, expect, it } from 'vitest';
import { prepareReview } from '../../pull-request/prepare.ts';
import { taskIdOf } from '../../pull-request/task-id.ts';
import { giveUp } from '../../pull-request/publish.ts';
import { submitReview, type SubmitPorts } from '../../pull-request/submit.ts';
import { execution, INJECTION, reviewing } from './reviewing.ts';

const [first, second] = [execution('first'), execution('second')];
type Reviewing = Awaited<ReturnType<typeof reviewing>>;

/** Another head takes the pull request over. */
async function takeOver(on: Reviewing): Promise<void> {
  const head = await on.push(`${INJECTION}export const n = 1;\n`);
  expect(await prepareReview(on.ports, on.order({ head }), second)).toEqual({ outcome: 'review' });
}

/** Ports with which the review is taken over right after the first look at its claim. */
function overtaken(on: Reviewing): SubmitPorts {
  let looks = 0;
  const get: SubmitPorts['claims']['get'] = async (pull) => {
    const seen = await on.ports.claims.get(pull);
    looks += 1;
    if (looks === 1) await takeOver(on);
    return seen;
  };
  return { ...on.ports, claims: { ...on.ports.claims, get } };
}

describe('a task that is submitted late', () => {
  it.each([
    ['another head has taken over', takeOver],
    ['it was given up', async (on: Reviewing) => void (await giveUp(on.ports, on.order(), first))],
  ])('does not come into being when %s', async (_, stop) => {
    const on = await reviewing();
    const order = on.order();
    await prepareReview(on.ports, order, first);
    await stop(on);
    await expect(submitReview(on.ports, order, first, 'token')).rejects.toMatchObject({ name: 'Review.Superseded' });
    expect(await on.ports.store.get(taskIdOf(on.ports, first))).toBeNull();
  });

  it('is cancelled before a worker gets it when the review is taken over meanwhile, and its money comes back', async () => {
    const on = await reviewing();
    const order = on.order();
    await prepareReview(on.ports, order, first);
    const before = on.usd();
    await expect(submitReview(overtaken(on), order, first, 'token')).rejects.toMatchObject({
      name: 'Review.Superseded',
    });
    const task = await on.ports.store.get(taskIdOf(on.ports, first));
    expect(task).toMatchObject({ state: { status: 'cancelled' }, spend: { usd: 0 } });
    // Its money is held until it is certain that it has spent nothing.
    expect(await on.held()).toEqual([before + on.usd(), before + on.usd()]);
    await giveUp(on.ports, on.order(), second);
    on.clock.advance(61_000);
    expect(await prepareReview(on.ports, on.order(), execution('third'))).toEqual({ outcome: 'review' });
    expect(await on.held()).toEqual([on.usd(), on.usd()]);
  });

  it('is cancelled by the review that took over when the function crashes right after it', async () => {
    const on = await reviewing();
    const order = on.order();
    await prepareReview(on.ports, order, first);
    const ports = overtaken(on);
    let looks = 0;
    const get: SubmitPorts['claims']['get'] = async (pull) => {
      looks += 1;
      if (looks > 1) throw new Error('The function crashed.');
      return ports.claims.get(pull);
    };
    const crashing = { ...ports, claims: { ...ports.claims, get } };
    await expect(submitReview(crashing, order, first, 'token')).rejects.toThrow('crashed');
    const id = taskIdOf(on.ports, first);
    expect((await on.ports.store.get(id))?.state.status).toBe('queued');
    await giveUp(on.ports, on.order(), second);
    expect((await on.ports.store.get(id))?.state.status).toBe('cancelled');
  });

  it('stays when its claim cannot be read once, and is the same when it is submitted again', async () => {
    const on = await reviewing();
    const order = on.order();
    await prepareReview(on.ports, order, first);
    let looks = 0;
    const get: SubmitPorts['claims']['get'] = async (pull) => {
      looks += 1;
      if (looks === 2) throw new Error('The table did not answer.');
      return on.ports.claims.get(pull);
    };
    const ports = { ...on.ports, claims: { ...on.ports.claims, get } };
    await expect(submitReview(ports, order, first, 'one')).rejects.toThrow('did not answer');
    await submitReview(ports, order, first, 'two');
    const task = await on.ports.store.get(taskIdOf(on.ports, first));
    expect(task).toMatchObject({ state: { status: 'queued' }, waiters: ['one', 'two'] });
  });
});
