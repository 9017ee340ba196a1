import { describe, expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { collect } from '#core/economy/collect.ts';
import { FailureError } from '#core/failures/failure.ts';
import { inMemoryBatchModel } from '../../support/fakes/in-memory-batch-model.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const MODEL = [{ json: { sum: 3 } }] as const;

/** Adds by code. */
const counter = defineAgent({
  ...adderOptions,
  prepare: () => Promise.resolve({ output: { sum: 7 }, warnings: ['Counted by code.'] }),
  escalate: ({ sum }) => (sum > 5 ? null : { reason: 'too little' }),
});

const doubter = defineAgent({
  ...adderOptions,
  prepare: () => Promise.resolve({ output: { sum: 1 } }),
  escalate: ({ sum }) => (sum > 5 ? null : { reason: 'too little' }),
});

describe('an answer by code', () => {
  it('ends the task with its output and warnings, without a model call, a step or a cost', async () => {
    const h = workerHarness(MODEL, counter);
    const { id } = await h.accept({ waiter: 'token' });
    await h.deliver(id);
    expect(await h.task(id)).toMatchObject({
      steps: [],
      spend: { usd: 0, lost: { usd: 0 } },
      state: { status: 'succeeded', output: { sum: 7 }, warnings: ['Counted by code.'], notified: true },
    });
    expect(h.model.requests).toEqual([]);
    expect(h.events.map(({ type }) => type)).toContain('answer.by-code');
    expect(h.notifier.answers).toMatchObject([{ outcome: { status: 'succeeded' } }]);
  });

  it('goes to a person if `escalate` says so', async () => {
    const h = workerHarness(MODEL, doubter);
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'escalated', reason: 'too little', output: { sum: 1 } });
  });

  it('is a turn of its session', async () => {
    const h = workerHarness(MODEL, counter);
    const { id } = await h.accept({ sessionId: 'talk' });
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ turn: { assistant: '{"sum":7}' } });
  });

  it('fails the task if it does not fit the output schema', async () => {
    const wrong = defineAgent({ ...adderOptions, prepare: () => Promise.resolve({ output: { sum: 'x' } as never }) });
    const h = workerHarness(MODEL, wrong);
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({
      failure: { kind: 'permanent', reason: expect.stringContaining('sum: ') as string },
    });
  });

  it('I5: waits as long as a throttled failure asks, at no attempt, and is prepared again', async () => {
    let asked = 0;
    const patient = defineAgent({
      ...adderOptions,
      prepare: () => {
        if ((asked += 1) > 1) return Promise.resolve({ output: { sum: asked } });
        throw new FailureError({ kind: 'throttled', reason: 'The site asks to wait.', retryAfterMs: 60_000 });
      },
    });
    const h = workerHarness(MODEL, patient);
    const { id, createdAt } = await h.accept();
    await h.deliver(id);
    const { state, attempts } = await h.task(id);
    expect({ state, attempts }).toMatchObject({ state: { status: 'parked', cause: 'throttled' }, attempts: 0 });
    expect(state.status === 'parked' ? state.until - createdAt : 0).toBeGreaterThanOrEqual(60_000);
    h.clock.advance(90_000);
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({ status: 'succeeded', output: { sum: 2 } });
  });

  it.each([
    [counter, 'succeeded'],
    [doubter, 'escalated'],
  ])('ends an economy task when it is collected, and makes no batch', async (agent, status) => {
    const h = workerHarness(MODEL, agent);
    const { id } = await h.accept({ priority: 'economy', deadline: h.clock.now() + 48 * 3_600_000 });
    const batchModel = inMemoryBatchModel(
      ({ customId }) => ({ customId, kind: 'expired' }),
      () => h.clock.now(),
    );
    const ports = { ...h.ports, batchModel, polls: { start: () => Promise.resolve() } };
    expect(await collect(ports, [agent], () => true)).toEqual({ batches: 0, entries: 0 });
    expect(batchModel.made).toEqual([]);
    expect(await h.task(id)).toMatchObject({ spend: { usd: 0 }, state: { status, notified: true } });
  });
});

it('an agent without a model says so on its card, unless an earlier version needs one', () => {
  const bare = { ...adderOptions, model: 'none' } as const;
  expect(agentCard(defineAgent(bare)).model).toBe('none');
  const earlier = [defineAgent(adderOptions)];
  expect(agentCard(defineAgent({ ...bare, version: '2', earlier })).model).toBeUndefined();
});
