import { expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { submitBatch } from '#core/api/tasks/submit-batch.ts';
import type { SubmitPorts } from '#core/api/tasks/submit-task.ts';
import { readSession } from '#core/sessions/order.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

it('I11: items of one session are accepted in order, even if the first is the slowest to write', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const adder = agentCard(defineAgent(adderOptions));
  let slow = 30;
  const store: SubmitPorts['store'] = {
    ...h.store,
    async create(task) {
      for (let turns = (slow -= 3); turns > 0; turns -= 1) await Promise.resolve();
      return h.store.create(task);
    },
  };
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
  const { items } = await submitBatch(ports, caller, [item('s'), item(), item('s'), 'nonsense', item('t'), item('s')]);
  const answers = items.map((answer) => ('task' in answer ? answer.task.id : answer.status));
  expect(answers[3]).toBe(422);
  expect((await readSession(h.ports, 'acme', 's'))?.waiting).toEqual([answers[0], answers[2], answers[5]]);
  expect((await readSession(h.ports, 'acme', 't'))?.waiting).toEqual([answers[4]]);
});
