import { describe, expect, it } from 'vitest';
import { prepareReview } from '../../pull-request/prepare.ts';
import { taskIdOf } from '../../pull-request/task-id.ts';
import { submitReview } from '../../pull-request/submit.ts';
import { delegate } from './answer.ts';
import { execution, INJECTION, reviewing } from './reviewing.ts';

const [first, second] = [execution('first'), execution('second')];
const cancelled = { status: 'cancelled', finishedAt: 1, notified: false } as const;
const running = { status: 'running', holder: 'w', leaseUntil: 1e15, cancelRequested: false } as const;

/** A review whose supervisor waits for four specialists, each with a dollar reserved, of which it has spent a cent. */
async function delegated(state: typeof cancelled | typeof running) {
  const on = await reviewing();
  const order = on.order();
  await prepareReview(on.ports, order, first);
  await submitReview(on.ports, order, first, 'token');
  await delegate(on, first, { specialists: state, usd: 0.01 });
  return on;
}

describe('a review that is cancelled while its specialists work', () => {
  it('costs what was spent, not what was reserved', async () => {
    const on = await delegated(cancelled);
    const head = await on.push(`${INJECTION}export const n = 1;\n`);
    expect(await prepareReview(on.ports, on.order({ head }), second)).toEqual({ outcome: 'review' });
    expect((await on.ports.store.get(taskIdOf(on.ports, first)))?.state.status).toBe('cancelled');
    expect(await on.spent()).toEqual([0.04, 0.04]);
    // What was spent counts against the day, with what the next review may cost.
    expect(await on.held()).toEqual([on.usd() + 0.04, on.usd() + 0.04]);
  });

  it('keeps its money held while one of them works, though its supervisor has ended', async () => {
    const on = await delegated(running);
    const before = on.usd();
    const head = await on.push(`${INJECTION}export const n = 1;\n`);
    await prepareReview(on.ports, on.order({ head }), second);
    expect((await on.ports.store.get(taskIdOf(on.ports, first)))?.state.status).toBe('cancelled');
    expect(await on.held()).toEqual([before + on.usd(), before + on.usd()]);
    expect(await on.spent()).toEqual([0, 0]);
  });
});
