import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';
import { sweep } from '#core/sweeper/sweep.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const cautious = defineAgent({
  ...adderOptions,
  escalate: ({ sum }) => (sum > 100 ? { reason: 'too-large', summary: `The sum is ${sum}.` } : null),
});

describe('an escalated task', () => {
  it('ends as escalated, with the reason, the summary and the output', async () => {
    const h = workerHarness([{ json: { sum: 101 } }], cautious);
    const { id } = await h.accept({ waiter: 'token' });
    await h.deliver(id);
    const { state } = await h.task(id);
    const told = { reason: 'too-large', summary: 'The sum is 101.', output: { sum: 101 } };
    expect(state).toMatchObject({ status: 'escalated', ...told, notified: true });
    expect(h.notifier.answers).toMatchObject([{ outcome: { status: 'escalated', reason: 'too-large' } }]);
  });

  it('succeeds when the agent does not escalate', async () => {
    const h = workerHarness([{ json: { sum: 100 } }], cautious);
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.task(id)).state.status).toBe('succeeded');
    expect(await h.escalations.get(id)).toBeNull();
  });

  it('is listed for its tenant once after it ends, however often waiters are notified', async () => {
    const h = workerHarness([{ json: { sum: 101 } }], cautious);
    const { id } = await h.accept({ sessionId: 'thread-1', priority: 'high' });
    await h.deliver(id);
    await h.deliver(id);
    const listed = await Array.fromAsync(h.escalations.list({ tenant: 'default', status: 'waiting' }));
    const expected = { id, reason: 'too-large', sessionId: 'thread-1', priority: 'high', state: { status: 'open' } };
    expect(listed).toMatchObject([expected]);
  });

  it('I6: the sweeper stores an escalation that could not be stored when the task ended', async () => {
    const h = workerHarness([{ json: { sum: 101 } }], cautious);
    const { id } = await h.accept();
    const down = { ...h.escalations, create: () => Promise.reject(new Error('down')) };
    await expect(h.deliver(id, { escalations: down })).rejects.toThrow('down');
    expect((await h.task(id)).state).toMatchObject({ status: 'escalated', notified: false });
    h.clock.advance(61_000);
    expect(await sweep(h.ports, () => true)).toMatchObject({ notified: 1 });
    expect(await h.escalations.get(id)).toMatchObject({ id });
    expect((await h.task(id)).state).toMatchObject({ notified: true });
  });

  it('is left to the sweeper by a caller without an escalation store', async () => {
    const h = workerHarness([{ json: { sum: 101 } }], cautious);
    const { id } = await h.accept();
    await h.deliver(id, { escalations: undefined });
    expect((await h.task(id)).state).toMatchObject({ status: 'escalated', notified: false });
  });
});

describe('the input of a tool', () => {
  it('comes from the task, whatever the model sends', async () => {
    const seen: unknown[] = [];
    const whoAmI = defineTool({
      name: 'who-am-i',
      description: 'Says whom the task is for.',
      input: z.object({ customerId: z.string() }),
      run: async (_, { input }) => (seen.push(input), 'noted'),
    });
    const call = { type: 'tool-use' as const, id: 'use-1', name: 'who-am-i', input: { customerId: 'mallory' } };
    const agent = defineAgent({ ...adderOptions, tools: [whoAmI] });
    const h = workerHarness([{ answer: { stopReason: 'tool-use', content: [call] } }, { json: { sum: 3 } }], agent);
    const { id } = await h.accept({ input: { customerId: 'alice' } });
    await h.deliver(id);
    expect(seen).toEqual([{ customerId: 'alice' }]);
  });
});
