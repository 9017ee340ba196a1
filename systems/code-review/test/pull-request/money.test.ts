import { describe, expect, it } from 'vitest';
import { reviewSupervisor } from '../../agents/supervisor.ts';
import { planFileSchema, planName } from '../../pull-request/plan-file.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { taskIdOf } from '../../pull-request/task-id.ts';
import { submitReview } from '../../pull-request/submit.ts';
import { usdOfSpecialists } from '../../pull-request/usd-of-specialists.ts';
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

describe('the plan of a review', () => {
  it('leaves files out until the specialists can pay for the others with their part of the money', async () => {
    const on = await reviewing();
    const planned = async (name: string, pullRequest: number) => {
      const maxUsd = { pullRequest, repository: 50, day: 200 };
      const order = on.order({ kind: 'again', head: null });
      await prepareReview({ ...on.ports, settings: { ...on.ports.settings, maxUsd } }, order, execution(name));
      return planFileSchema.parse(await on.ports.files.get(planName(name)));
    };
    const { estimateUsd } = await planned('first', 5);
    expect((await planned('within', estimateUsd / 0.79)).plan.units).toHaveLength(1);
    const { plan } = await planned('over', estimateUsd / 0.81);
    expect(plan.units).toEqual([]);
    expect(plan.leftOut).toMatchObject([{ path: 'cart.ts', reason: 'over-limit' }]);
  });

  it('counts what the supervisor’s agent and the days may spend', () => {
    const maxUsd = { pullRequest: 100, repository: 100, day: 100 };
    expect(usdOfSpecialists({ maxUsd }, 100)).toBeCloseTo(0.8 * reviewSupervisor.budget.usd);
    expect(usdOfSpecialists({ maxUsd: { ...maxUsd, repository: 3 } }, 100)).toBeCloseTo(2.4);
    expect(usdOfSpecialists({ maxUsd: { ...maxUsd, day: 2 } }, 100)).toBeCloseTo(1.6);
    expect(usdOfSpecialists({ maxUsd }, 1)).toBeCloseTo(0.8);
  });
});
