import { expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { submitBatch } from '#core/api/tasks/submit-batch.ts';
import type { SubmitPorts } from '#core/api/tasks/submit-task.ts';
import { HomeLost } from '#core/regions/homed-tasks.ts';
import { readSession } from '#core/sessions/order.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

/** What it takes to submit a batch to a store. */
function batchOf(storeOf: (h: ReturnType<typeof workerHarness>) => SubmitPorts['store']) {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const adder = agentCard(defineAgent(adderOptions));
  const store = storeOf(h);
  const { sessions, queue, clock, ids } = h.ports;
  const ports = {
    store,
    sessions,
    queue,
    clock,
    ids,
    agents: new Map([[adder.name, adder]]),
    callbackRules: { privateAddresses: true },
  };
  const caller = { tenant: 'acme', keyId: 'key-1', scopes: ['submit' as const], agents: null };
  const item = (sessionId?: string) => ({ agent: adder.name, input: { a: 1, b: 2 }, sessionId });
  return { h, ports, caller, item };
}

it('I11: items of one session are accepted in order, even if the first is the slowest to write', async () => {
  let slow = 30;
  const { h, ports, caller, item } = batchOf((harness) => ({
    ...harness.store,
    async create(task) {
      for (let turns = (slow -= 3); turns > 0; turns -= 1) await Promise.resolve();
      return harness.store.create(task);
    },
  }));
  const { items } = await submitBatch(ports, caller, [item('s'), item(), item('s'), 'nonsense', item('t'), item('s')]);
  const answers = items.map((answer) => ('task' in answer ? answer.task.id : answer.status));
  expect(answers[3]).toBe(422);
  expect((await readSession(h.ports, 'acme', 's'))?.waiting).toEqual([answers[0], answers[2], answers[5]]);
  expect((await readSession(h.ports, 'acme', 't'))?.waiting).toEqual([answers[4]]);
});

it('items of a home that is being taken over say so, as a single submission does, and the others are accepted', async () => {
  const { ports, caller, item } = batchOf((h) => ({
    ...h.store,
    create: async (task) => {
      if (JSON.stringify(task.input).includes('7')) throw new HomeLost(task.id);
      return h.store.create(task);
    },
  }));
  const { items } = await submitBatch(ports, caller, [item(), { ...item(), input: { a: 7, b: 7 } }]);
  expect(items).toMatchObject([
    { status: 202 },
    {
      status: 503,
      problem: { type: 'urn:agent-fleet:problem:unavailable', detail: expect.stringContaining('replaced') },
    },
  ]);
});
