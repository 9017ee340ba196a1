import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool, type Upgrade } from '#core/agents/define-agent.ts';
import { stepView } from '#core/api/tasks/task-view.ts';
import { newPace } from '#core/governor/pace.ts';
import { LEASE_MS } from '#core/tasks/claim.ts';
import { countedSteps } from '#core/tasks/counted-steps.ts';
import type { Line } from '../../support/fakes/scripted-model.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const FAST = 'claude-haiku-5-5';
const BALANCED = 'claude-sonnet-5-5';
type Sum = { sum: number };
const SURE = { json: { sum: 3 } };
/** A sum below zero means that the agent is unsure. */
const UNSURE = { json: { sum: -1 } };
const WRONG = { json: { sum: 'three' } };

const upgrade: Upgrade<Sum, undefined> = {
  to: 'balanced',
  when: ({ sum }) => (sum < 0 ? 'the sum is doubtful' : null),
};
const upgrading = defineAgent({ ...adderOptions, upgrade });

async function worked(
  lines: readonly [Line, ...Line[]],
  change: Parameters<ReturnType<typeof workerHarness>['accept']>[0] = {},
) {
  const h = workerHarness(lines, upgrading);
  const { id } = await h.accept(change);
  await h.deliver(id);
  return { ...h, id, done: await h.task(id), models: h.model.requests.map(({ model }) => model) };
}

const textOf = (content: unknown): string => JSON.stringify(content);

describe('a task’s upgrade to a higher tier', () => {
  it('does not happen when the first answer is sure', async () => {
    const { models, done } = await worked([SURE]);
    expect(models).toEqual([FAST]);
    expect(done.state).toMatchObject({ status: 'succeeded', output: { sum: 3 } });
  });

  it('happens when the answer is unsure: the conversation continues, and each call is charged at its model’s price', async () => {
    const h = await worked([UNSURE, SURE]);
    expect(h.models).toEqual([FAST, BALANCED]);
    const [, second] = h.model.requests;
    expect(second?.messages).toHaveLength(3);
    expect(second?.messages[1]).toEqual({ role: 'assistant', content: [{ type: 'text', text: '{"sum":-1}' }] });
    expect(textOf(second?.messages[2])).toContain('not certain enough: the sum is doubtful');
    expect(h.done.state).toMatchObject({ status: 'succeeded', output: { sum: 3 }, warnings: [] });
    // 1,000 tokens in and 100 out of each: 0.1 and 0.5, then 2 and 10 dollars a million.
    expect(h.done.spend.usd).toBeCloseTo(0.000_15 + 0.003, 9);
    expect(h.events).toContainEqual({ type: 'task.upgraded', to: 'balanced', reason: 'the sum is doubtful' });
    const [row] = await h.usage.query({ tenant: 'default', from: '1970-01-01', to: '2999-01-01' });
    expect(Object.keys(row?.models ?? {})).toEqual([FAST, BALANCED]);
    const views = (await countedSteps(h.store, h.done)).map(stepView);
    expect(views.map(({ model, rise }) => ({ model, rise }))).toEqual([
      { model: FAST, rise: undefined },
      { model: BALANCED, rise: 'the sum is doubtful' },
    ]);
  });

  it('happens after an unsuccessful repair, and allows one repair on the higher tier', async () => {
    const h = await worked([WRONG, WRONG, WRONG, SURE]);
    expect(h.models).toEqual([FAST, FAST, BALANCED, BALANCED]);
    expect(h.events).toContainEqual({ type: 'task.upgraded', to: 'balanced', reason: 'its answer was rejected twice' });
    expect(h.done.state).toMatchObject({ status: 'succeeded', output: { sum: 3 } });
  });

  it('happens once: an unsure answer of the higher tier is used', async () => {
    const { models, done } = await worked([UNSURE]);
    expect(models).toEqual([FAST, BALANCED]);
    expect(done.state).toMatchObject({ status: 'succeeded', output: { sum: -1 } });
  });

  it('falls back to the answer of the first tier when the higher tier returns none', async () => {
    const { models, done } = await worked([UNSURE, WRONG]);
    expect(models).toEqual([FAST, BALANCED, BALANCED]);
    expect(done.state).toMatchObject({ status: 'succeeded', output: { sum: -1 } });
  });

  it('I4: keeps the first answer when the budget has no room for the higher tier', async () => {
    const h = await worked([UNSURE, SURE], { budget: { tokens: 200_000, usd: 0.004 } });
    expect(h.models).toEqual([FAST]);
    expect(h.done.state).toMatchObject({
      status: 'succeeded',
      output: { sum: -1 },
      warnings: ['The budget had no room for a call of the balanced tier.'],
    });
    expect(h.done.spend.usd).toBeLessThanOrEqual(0.004);
  });

  it('I4: fails as over-budget when there is no answer to keep', async () => {
    const h = await worked([WRONG], { budget: { tokens: 200_000, usd: 0.004 } });
    expect(h.models).toEqual([FAST, FAST]);
    expect(h.done.state).toMatchObject({ status: 'failed', failure: { kind: 'over-budget' } });
  });

  it('I3: continues on the higher tier after a worker dies there, and repeats no earlier call', async () => {
    const h = workerHarness([UNSURE, SURE], upgrading);
    const { id } = await h.accept();
    const reached = Promise.withResolvers<void>();
    const invoke: typeof h.model.invoke = (request) => {
      if (request.model !== BALANCED) return h.model.invoke(request);
      reached.resolve();
      return new Promise(() => undefined);
    };
    void h.deliver(id, { model: { ...h.model, invoke }, clock: { ...h.clock, every: () => () => undefined } });
    await reached.promise;
    h.clock.advance(LEASE_MS + 1);
    await h.deliver(id);
    const done = await h.task(id);
    expect(h.model.requests.map(({ model }) => model)).toEqual([FAST, BALANCED]);
    expect(done).toMatchObject({ steps: [1, 2], state: { status: 'succeeded', output: { sum: 3 } } });
    // The dead worker's reservation stays charged, at the higher tier's price.
    expect(done.spend.lost.usd).toBeGreaterThan(0.01);
  });

  it('acquires a slot of the model that is called', async () => {
    const h = workerHarness([UNSURE, SURE], upgrading);
    const limits = { requests: 60, inputTokens: null, outputTokens: null };
    const taken = { requests: h.clock.now() + 10_000, inputTokens: 0, outputTokens: 0 };
    const pace = { ...newPace(BALANCED), version: 1, tight: true, limits, taken, correctedAt: h.clock.now() };
    await h.paces.replace(pace);
    const { id } = await h.accept({ createdAt: h.clock.now() - 3_600_000 });
    await h.deliver(id);
    expect(await h.task(id)).toMatchObject({
      steps: [1],
      slot: { model: BALANCED, at: h.clock.now() + 10_000 },
      state: { status: 'parked', cause: 'throttled' },
    });
    h.clock.advance(10_000);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
    expect((await h.paces.read(FAST))?.version).toBeUndefined();
  });
});

describe('a tool call before an upgrade', () => {
  const use = {
    answer: {
      stopReason: 'tool-use' as const,
      content: [
        { type: 'thinking' as const, sealed: '{"type":"thinking"}' },
        { type: 'tool-use' as const, id: 'use-1', name: 'pay', input: {} },
      ],
    },
  };

  it('stays in the conversation and runs once, and no model receives another model’s thinking', async () => {
    let paid = 0;
    const pay = defineTool({
      name: 'pay',
      description: 'Pays.',
      input: z.object({}),
      run: async () => `${(paid += 1)}`,
    });
    const h = workerHarness([use, UNSURE, SURE], defineAgent({ ...adderOptions, upgrade, tools: [pay] }));
    const { id } = await h.accept();
    await h.deliver(id);
    expect(paid).toBe(1);
    expect((await h.task(id)).state).toMatchObject({ status: 'succeeded', output: { sum: 3 } });
    const [, inTheLoop, upgraded] = h.model.requests;
    expect(textOf(inTheLoop?.messages)).toContain('thinking');
    expect(textOf(upgraded?.messages)).not.toContain('thinking');
    expect(textOf(upgraded?.messages)).toContain('tool-result');
  });
});

describe('defineAgent', () => {
  it('rejects an upgrade to a tier that is not higher', () => {
    expect(() => defineAgent({ ...adderOptions, tier: 'balanced', upgrade: { to: 'fast' } })).toThrow(
      /must be a higher tier than the agent's own; from low to high: fast, balanced, deep/,
    );
  });
});
