import { describe, expect, it } from 'vitest';
import { defineAgent } from '#core/agents/define-agent.ts';
import { tokensOf } from '#core/models/price.ts';
import { heldModel } from '../../support/fakes/held-model.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const ANSWER = { json: { sum: 3 } };

describe('the life of a task', () => {
  it('claims the task, calls the model, completes, notifies the waiters and deletes the message', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ waiter: 'token-1' });
    expect(await h.deliver(id)).toBe('delete');
    const task = await h.task(id);
    expect(task.state).toMatchObject({ status: 'succeeded', output: { sum: 3 }, notified: true });
    expect(task.epoch).toBe(1);
    expect(tokensOf(task.spend.usage)).toBe(1_100);
    expect(task.reservation).toBeNull();
    expect(h.notifier.answers).toEqual([
      { token: 'token-1', outcome: { id: `${id}/end`, taskId: id, status: 'succeeded' } },
    ]);
  });

  it('I1: the redelivered message of an ended task changes nothing', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    await h.deliver(id);
    const before = await h.task(id);
    expect(await h.deliver(id)).toBe('delete');
    expect(await h.task(id)).toEqual(before);
    expect(h.model.requests).toHaveLength(1);
  });

  it('keeps the message of a task that another worker holds, because it may be needed', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    const { model, called, letGo } = heldModel(h.model);
    const first = h.deliver(id, { model });
    await called;
    expect(await h.deliver(id)).toBe('keep');
    letGo();
    expect(await first).toBe('delete');
    expect(h.model.requests).toHaveLength(1);
  });

  it('deletes a message that finds its task parked, unless it may be the wake-up message', async () => {
    const h = workerHarness([{ failure: { kind: 'throttled', reason: '429', retryAfterMs: 10_000 } }]);
    const { id } = await h.accept();
    await h.deliver(id);
    expect(await h.deliver(id)).toBe('delete');
    const { state } = await h.task(id);
    if (state.status !== 'parked') throw new Error(`it is ${state.status}`);
    h.clock.advance(state.until - h.clock.now() - 500);
    expect(await h.deliver(id)).toBe('keep');
    expect(h.model.requests).toHaveLength(1);
  });

  it('asks the model once to repair an invalid answer, then uses the repaired one', async () => {
    const h = workerHarness([{ json: { sum: 'three' } }, ANSWER]);
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'succeeded', output: { sum: 3 } });
    const repair = h.model.requests[1]?.messages.at(-1)?.content[0];
    expect(repair).toMatchObject({ type: 'text', text: expect.stringContaining('sum: ') });
    expect(h.events.map(({ type }) => type)).toContain('answer.refused');
  });

  it('fails as invalid-output after one unsuccessful repair', async () => {
    const h = workerHarness([{ json: { sum: 'three' } }]);
    const { id } = await h.accept({ waiter: 'token' });
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'failed', failure: { kind: 'invalid-output' } });
    expect(h.model.requests).toHaveLength(2);
    expect(h.notifier.answers[0]?.outcome.status).toBe('failed');
  });

  it('yields between steps when the invocation has little time left', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept();
    await h.deliver(id, {}, 5_000);
    expect((await h.task(id)).state).toMatchObject({ status: 'parked', cause: 'yielded' });
    expect(h.model.requests).toHaveLength(0);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('finishes on the agent version that accepted it', async () => {
    const h = workerHarness([ANSWER]);
    const { id } = await h.accept({ agentVersion: '0' });
    const old = defineAgent({ ...adderOptions, version: '0', system: 'Add as you used to.' });
    await h.deliver(id, {}, 300_000, [old]);
    expect(h.model.requests.map(({ system }) => system)).toEqual(['Add as you used to.']);
    expect((await h.task(id)).state.status).toBe('succeeded');
  });

  it('finishes on an earlier version that the definition of the agent names', async () => {
    const old = defineAgent({ ...adderOptions, version: '0', system: 'Add as you used to.' });
    const h = workerHarness([ANSWER], defineAgent({ ...adderOptions, earlier: [old] }));
    const { id } = await h.accept({ agentVersion: '0' });
    await h.deliver(id);
    expect(h.model.requests.map(({ system }) => system)).toEqual(['Add as you used to.']);
  });
});
