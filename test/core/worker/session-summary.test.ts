import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { stepView } from '#core/api/tasks/task-view.ts';
import { enterSession, forgetSession, readSession } from '#core/sessions/order.ts';
import type { ModelRequest } from '#core/ports/model.ts';
import { LEASE_MS } from '#core/tasks/claim.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import { work } from '#core/worker/work.ts';
import { countedSteps } from '#core/tasks/counted-steps.ts';
import type { Line } from '../../support/fakes/scripted-model.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

/** A turn of 60 + 60 bytes is 40 tokens, so ten turns fit. */
const TOKEN_LIMIT = 400;
const FITTING = 10;
const words = (name: string): string => name.padEnd(60, '.');

const summing = defineAgent({
  ...adderOptions,
  input: z.object({ instruction: z.string() }),
  tier: 'balanced',
  sessionOverflow: 'summarise',
  turn: ({ instruction }) => ({ user: instruction, assistant: words('noted') }),
});

const isSummary = ({ system }: ModelRequest): boolean => system.startsWith('You shorten a conversation');
const SUMMARY: Line = { json: { summary: 'They count from zero.' } };
/** Answers tasks, and responds to the summary request with `line`. */
const model =
  (summary: Line): Line =>
  (request) =>
    isSummary(request) ? summary : { json: { sum: 1 } };

async function talk(summary: Line = SUMMARY, agent = summing) {
  const h = workerHarness([model(summary)], agent);
  const ports: WorkerPorts = { ...h.ports, sessionPolicy: { tokenLimit: TOKEN_LIMIT, keptMs: 3_600_000 } };
  const accept = async (name: string, change: Parameters<typeof h.accept>[0] = {}): Promise<TaskId> => {
    const input = { instruction: words(name) };
    const task = await h.accept({ idempotencyKey: name, input, sessionId: 's', ...change });
    await enterSession(ports, task);
    return task.id;
  };
  for (let turn = 0; turn < FITTING; turn += 1) await h.deliver(await accept(`${turn}`), ports);
  return {
    ...h,
    accept,
    deliver: (id: TaskId, change: Partial<WorkerPorts> = {}, timeLeftMs?: number) =>
      h.deliver(id, { ...ports, ...change }, timeLeftMs),
    turns: async () => (await readSession(ports, 'default', 's'))?.turns ?? [],
    summaries: () => h.model.requests.filter(isSummary),
  };
}

describe('a session that outgrows its limit', () => {
  it('is summarised by the task whose turn exceeds the limit, in a step of the cheap tier', async () => {
    const t = await talk();
    expect(t.summaries()).toHaveLength(0);
    const id = await t.accept('last');
    await t.deliver(id);
    const [summary] = t.summaries();
    expect(summary?.model).toBe('claude-haiku-5-5');
    expect(JSON.stringify(summary?.messages)).toContain('User: 0...');
    const turns = await t.turns();
    expect(turns[0]).toMatchObject({ assistant: 'They count from zero.', isSummary: true });
    // The oldest turns are replaced. The newest turns and this one are unchanged.
    expect(turns.slice(1).map(({ user }) => user.replaceAll('.', ''))).toEqual(['4', '5', '6', '7', '8', '9', 'last']);
    expect(turns.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(TOKEN_LIMIT);
    const done = await t.task(id);
    expect(done.state).toMatchObject({ status: 'succeeded', output: { sum: 1 } });
    // The answer comes from the task's own tier, and both calls are charged.
    expect(done.model).toBe('claude-sonnet-5-5');
    expect(done.spend.usd).toBeCloseTo(0.003 + 0.000_15, 9);
    const views = (await countedSteps(t.store, done)).map(stepView);
    expect(views.map(({ isSummary: is }) => is)).toEqual([undefined, true]);
  });

  it('shows its summary to the next task, and is not summarised again by each task', async () => {
    const t = await talk();
    await t.deliver(await t.accept('last'));
    await t.deliver(await t.accept('next'));
    expect(t.summaries()).toHaveLength(1);
    const shown = t.model.requests.at(-1)?.messages ?? [];
    expect(JSON.stringify(shown[0])).toContain('What was said before this, in short?');
    expect(JSON.stringify(shown[1])).toContain('They count from zero.');
  });

  it.each<[string, Line]>([
    ['fails', { failure: { kind: 'transient', reason: 'no' } }],
    ['is throttled', { failure: { kind: 'throttled', reason: '429' } }],
    ['returns no summary', { json: { summary: ' ' } }],
  ])('drops its oldest turns without delaying the answer when the call %s', async (_, line) => {
    const t = await talk(line);
    const id = await t.accept('last');
    await t.deliver(id);
    expect((await t.task(id)).state).toMatchObject({ status: 'succeeded' });
    expect(t.summaries()).toHaveLength(1);
    const turns = await t.turns();
    expect(turns).toHaveLength(FITTING);
    expect(turns[0]?.user).toMatch(/^1/);
  });

  it('I4: is not summarised beyond the task’s budget', async () => {
    const t = await talk();
    // The answer uses 1,100 tokens of it, and a summary needs more than 1,000.
    const id = await t.accept('last', { budget: { tokens: 1_300, usd: 2 } });
    await t.deliver(id);
    expect((await t.task(id)).state).toMatchObject({ status: 'succeeded' });
    expect(t.summaries()).toHaveLength(0);
    expect(await t.turns()).toHaveLength(FITTING);
  });

  it('is not summarised when too little time is left', async () => {
    const t = await talk();
    let timeLeft = 300_000;
    const id = await t.accept('last');
    const invoke: typeof t.model.invoke = (request) => ((timeLeft = 10_000), t.model.invoke(request));
    const received = { extend: async () => undefined };
    const message = { type: 'task' as const, taskId: id };
    const ports = { ...t.ports, model: { ...t.model, invoke } };
    await work(ports, summing, { message, received, timeLeftMs: () => timeLeft });
    expect((await t.task(id)).state).toMatchObject({ status: 'succeeded' });
    expect(t.summaries()).toHaveLength(0);
  });

  it('I3: a dead worker’s summary is used and not paid for twice', async () => {
    // Too large to be written with the end of the task.
    const t = await talk({ json: { summary: 'They count from zero. '.repeat(200) } });
    const id = await t.accept('last');
    const died = Promise.withResolvers<void>();
    const putStep: typeof t.store.putStep = async (step) => {
      await t.store.putStep(step);
      if (step.index === 0) return;
      died.resolve();
      await new Promise(() => undefined);
    };
    const clock = { ...t.clock, every: () => () => undefined };
    void t.deliver(id, { store: { ...t.store, putStep }, clock });
    await died.promise;
    t.clock.advance(LEASE_MS + 1);
    await t.deliver(id);
    expect(t.summaries()).toHaveLength(1);
    expect((await t.task(id)).steps).toEqual([1, 1]);
    expect((await t.turns())[0]).toMatchObject({ isSummary: true });
  });

  it('keeps no turn that was forgotten while the summary was made', async () => {
    const t = await talk((request) => {
      void forgetSession(t.ports, 'default', 's');
      return isSummary(request) ? SUMMARY : { json: { sum: 1 } };
    });
    await t.deliver(await t.accept('last'));
    expect((await t.turns()).map(({ user }) => user.replaceAll('.', ''))).toEqual(['last']);
  });

  it('drops old turns unless its agent asks for a summary', async () => {
    const t = await talk(
      SUMMARY,
      defineAgent({ ...adderOptions, turn: () => ({ user: words('u'), assistant: words('a') }) }),
    );
    await t.deliver(await t.accept('last'));
    expect(t.summaries()).toHaveLength(0);
    expect(await t.turns()).toHaveLength(FITTING);
  });
});
