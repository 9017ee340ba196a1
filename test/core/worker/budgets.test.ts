import { describe, expect, it } from 'vitest';
import { workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };

describe('I4: budgets in the worker', () => {
  it('rejects a call that could exceed the budget before it is made', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ budget: { tokens: 1_200, usd: 1 } });
    await h.deliver(id);
    const task = await h.task(id);
    expect(task.state).toMatchObject({ status: 'failed', failure: { kind: 'over-budget' } });
    expect(h.model.requests).toHaveLength(0);
  });

  it('requests the exact token count only if the cheap bound does not fit, and limits the output', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ budget: { tokens: 1_500, usd: 1 } });
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
    expect(h.model.requests[0]?.maxTokens).toBe(500);
  });

  it('keeps the reservations of failed calls charged until no call fits', async () => {
    const h = workerHarness([{ failure: { kind: 'transient', reason: 'timeout' } }]);
    const { id } = await h.accept({ budget: { tokens: 3_000, usd: 1 } });
    for (let turn = 0; turn < 3; turn += 1) {
      await h.deliver(id);
      h.clock.advance(60_000);
    }
    const task = await h.task(id);
    expect(task.state).toMatchObject({ status: 'failed', failure: { kind: 'over-budget' } });
    expect(task.spend.lost.tokens).toBeLessThanOrEqual(3_000);
  });
});
