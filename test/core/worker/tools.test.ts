import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';
import { stepView } from '#core/api/tasks/task-view.ts';
import { LEASE_MS } from '#core/tasks/claim.ts';
import { work } from '#core/worker/work.ts';
import { countedSteps } from '#core/tasks/counted-steps.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const askFor = (input: unknown, name = 'look-up') => ({
  answer: { stopReason: 'tool-use' as const, content: [{ type: 'tool-use' as const, id: 'use-1', name, input }] },
});

function agentWithTool(run: (input: { of: string }, key: string) => Promise<string>) {
  const lookUp = defineTool({
    name: 'look-up',
    description: 'Looks a number up.',
    input: z.object({ of: z.string() }),
    run: (input, { idempotencyKey }) => run(input, idempotencyKey),
  });
  return defineAgent({ ...adderOptions, tools: [lookUp] });
}

describe('tools', () => {
  it('runs the tool that the model asks for and returns the result to the model', async () => {
    const agent = agentWithTool(async ({ of }) => `${of} is 3`);
    const h = workerHarness([askFor({ of: 'x' }), { json: { sum: 3 } }], agent);
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
    expect(h.model.requests[1]?.messages.at(-1)?.content).toEqual([
      { type: 'tool-result', toolUseId: 'use-1', content: 'x is 3', isError: false },
    ]);
  });

  it('sends the model its thinking back with the result, also from another worker', async () => {
    const thinking = { type: 'thinking', sealed: '{"type":"thinking"}' } as const;
    const asked = askFor({ of: 'x' });
    const thought = { answer: { ...asked.answer, content: [thinking, ...asked.answer.content] } };
    const h = workerHarness(
      [thought, { json: { sum: 3 } }],
      agentWithTool(async () => '3'),
    );
    const { id } = await h.accept();
    await h.deliver(id);
    expect(h.model.requests[1]?.messages.at(-2)?.content).toEqual(thought.answer.content);
    const steps = await countedSteps(h.ports.store, await h.task(id));
    expect(steps[0]?.content).toEqual(thought.answer.content);
    // Sealed, so not readable.
    expect(steps.map(stepView)[0]?.content).toEqual(asked.answer.content);
  });

  it('I7: a call is in the audit trail before it runs, and its outcome after', async () => {
    const phases: string[] = [];
    const h = workerHarness(
      [askFor({ of: 'x' }), { json: { sum: 3 } }],
      agentWithTool(async () => (phases.push('run'), 'ok')),
    );
    const audit = { record: async (entry: { phase: string }) => void phases.push(entry.phase) };
    const { id } = await h.accept();
    await h.deliver(id, { audit });
    expect(phases).toEqual(['before', 'run', 'after']);
  });

  it('I7: the entry before a call names the model that asked for it', async () => {
    const h = workerHarness(
      [askFor({ of: 'x' }), { json: { sum: 3 } }],
      agentWithTool(async () => 'ok'),
    );
    await h.deliver((await h.accept()).id);
    expect(h.audit.entries().map(({ phase, model }) => [phase, model])).toEqual([
      ['before', 'claude-haiku-5-5'],
      ['after', undefined],
    ]);
  });

  it('starts no tool when the invocation has little time left, so the next invocation runs it', async () => {
    let runs = 0;
    const agent = agentWithTool(async () => `run ${(runs += 1)}`);
    const h = workerHarness([askFor({ of: 'x' }), { json: { sum: 3 } }], agent);
    const { id } = await h.accept();
    // The model's answer took nearly all of the time.
    let timeLeft = 300_000;
    const model = {
      ...h.model,
      invoke: (request: Parameters<typeof h.model.invoke>[0]) => {
        timeLeft = 15_000;
        return h.model.invoke(request);
      },
    };
    const message = { type: 'task' as const, taskId: id };
    const received = { extend: async () => undefined };
    await work({ ...h.ports, model }, agent, { message, received, timeLeftMs: () => timeLeft });
    expect((await h.task(id)).state).toMatchObject({ status: 'parked', cause: 'yielded' });
    expect(runs).toBe(0);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
    expect(runs).toBe(1);
  });

  it('returns invalid input and thrown errors to the model instead of failing', async () => {
    const h = workerHarness(
      [askFor({ of: 7 }), { json: { sum: 3 } }],
      agentWithTool(async () => 'never'),
    );
    const { id } = await h.accept();
    await h.deliver(id);
    const result = h.model.requests[1]?.messages.at(-1)?.content[0];
    expect(result).toMatchObject({ isError: true, content: expect.stringContaining('of') });
  });

  it('reports where a tool threw, without what the error says', async () => {
    const agent = agentWithTool(async ({ of }) => {
      throw new TypeError(`no number for ${of}`);
    });
    const h = workerHarness([askFor({ of: 'the secret' }), { json: { sum: 3 } }], agent);
    const { id } = await h.accept();
    await h.deliver(id);
    const failed = h.events.find(({ type }) => type === 'tool.failed');
    expect(failed).toMatchObject({
      tool: 'look-up',
      stack: expect.stringMatching(/^TypeError\n +at .*tools\.test\.ts/),
    });
    expect(JSON.stringify(h.events)).not.toContain('the secret');
    // The step has what it says, for `fleet task ID --steps`.
    const steps = await countedSteps(h.ports.store, await h.task(id));
    expect(steps[1]).toMatchObject({ kind: 'tool', isError: true, content: 'no number for the secret' });
    expect(steps[1]).toHaveProperty('stack', failed?.type === 'tool.failed' ? failed.stack : 'none');
    expect(steps.map(stepView)[1]).toMatchObject({ stack: expect.stringMatching(/^TypeError\n +at /) });
    expect(steps.map(stepView)[0]).not.toHaveProperty('stack');
  });

  it('I3: the next worker does not repeat a finished tool call, and repeats one in flight with the same key', async () => {
    const keys: string[] = [];
    let runs = 0;
    const reached = Promise.withResolvers<void>();
    const agent = agentWithTool((_, key) => {
      keys.push(key);
      runs += 1;
      if (runs > 1) return Promise.resolve('done');
      reached.resolve();
      return new Promise(() => undefined);
    });
    const h = workerHarness([askFor({ of: 'x' }), { json: { sum: 3 } }], agent);
    const { id } = await h.accept();
    void h.deliver(id, { clock: { ...h.clock, every: () => () => undefined } });
    await reached.promise;
    h.clock.advance(LEASE_MS + 1);
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
    expect(keys).toEqual([`${id}/1`, `${id}/1`]);
    expect(h.model.requests).toHaveLength(2);
  });
});
