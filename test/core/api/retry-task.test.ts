import { describe, expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { getTask } from '#core/api/tasks/get-task.ts';
import { retryTask } from '#core/api/tasks/retry-task.ts';
import { apply } from '#core/tasks/apply.ts';
import { cancel } from '#core/tasks/finish.ts';
import type { Submission } from '#core/tasks/submit.ts';
import type { Task } from '#core/tasks/task.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['submit' as const], agents: null };

async function cancelled(more: Partial<Submission> = {}) {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const card = { ...agentCard(defineAgent(adderOptions)), version: '2', budget: { tokens: 500, usd: 1 } };
  const { store, sessions, queue, clock, ids } = h.ports;
  const ports = { store, sessions, queue, clock, ids, agents: new Map([[card.name, card]]) };
  const task = await h.accept({ tenant: 'acme', ...more });
  const end = async (): Promise<Task> => (await apply(store, task, (now) => cancel(now, clock.now()))).task;
  return { h, ports, task, end, read: (id: string) => getTask({ store, ids, waiter: neverWaits }, CALLER, id, 0) };
}

const neverWaits = { wait: () => Promise.reject(new Error('A read must not wait.')) };

describe('retrying a task', () => {
  it('creates it again for the present version, within both budgets and for as long; once', async () => {
    const { h, ports, task, end, read } = await cancelled({ input: { a: 1 }, budget: { tokens: 900, usd: 0.5 } });
    await end();
    h.clock.advance(60_000);
    const again = await retryTask(ports, CALLER, task.id);
    expect(again).toMatchObject({
      retryOf: task.id,
      agentVersion: '2',
      input: { a: 1 },
      budget: { tokens: 500, usd: 0.5 },
      createdAt: task.createdAt + 60_000,
      deadline: task.deadline + 60_000,
      state: { status: 'queued' },
    });
    expect((await retryTask(ports, CALLER, task.id)).id).toBe(again.id);
    expect((await read(task.id)).body).toMatchObject({ status: 'cancelled', input: { a: 1 }, retriedAs: again.id });
    expect((await read(again.id)).body).toMatchObject({ retryOf: task.id });
  });

  it('is a conflict while the task has not ended', async () => {
    const { ports, task } = await cancelled();
    await expect(retryTask(ports, CALLER, task.id)).rejects.toMatchObject({
      kind: 'conflict',
      message: 'The task is queued.',
      errors: [{ field: 'id', remedy: 'Wait until it ends, or cancel it first.' }],
    });
  });

  it('I8: does not find the task of another tenant', async () => {
    const { ports, task, end } = await cancelled();
    await end();
    await expect(retryTask(ports, { ...CALLER, tenant: 'other' }, task.id)).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});
