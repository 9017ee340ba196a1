import { describe, expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { defineAgent } from '#core/agents/define-agent.ts';
import { getTask } from '#core/api/tasks/get-task.ts';
import { retryTask } from '#core/api/tasks/retry-task.ts';
import { apply } from '#core/tasks/apply.ts';
import { cancel } from '#core/tasks/finish.ts';
import type { Submission } from '#core/tasks/submit.ts';
import type { Run } from '#core/runs/run.ts';
import type { Task } from '#core/tasks/task.ts';
import { advance } from '#core/tasks/transition.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['submit' as const], agents: null };

async function cancelled(more: Partial<Submission> = {}, given: readonly Run[] = []) {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const card = { ...agentCard(defineAgent(adderOptions)), version: '2', budget: { tokens: 500, usd: 1 } };
  const { store, sessions, queue, clock, ids } = h.ports;
  const runs = inMemoryRunStore(...given);
  const ports = { store, sessions, queue, clock, ids, runs, agents: new Map([[card.name, card]]) };
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

  describe('of a run with a limit', () => {
    const run: Run = { id: 'night', tenant: 'acme', createdAt: 1, size: 3, digest: 'd', budgetUsd: 3 };
    const spent = async (usd: number, given: Run) => {
      const { ports, task, end } = await cancelled({ runId: 'night', budget: { tokens: 900, usd: 1 } }, [given]);
      await apply(ports.store, task, (now) => advance(now, { spend: { ...now.spend, usd } }));
      await end();
      return { again: () => retryTask(ports, CALLER, task.id), ports };
    };

    it('may spend what the task has left of its part, also when the retry is retried', async () => {
      const { again, ports } = await spent(0.6, run);
      const first = await again();
      expect(first.budget.usd).toBeCloseTo(0.4);
      await apply(ports.store, first, (now) => advance(now, { spend: { ...now.spend, usd: 0.3 } }));
      const { task } = await apply(ports.store, first, (now) => cancel(now, 1));
      expect((await retryTask(ports, CALLER, task.id)).budget.usd).toBeCloseTo(0.1);
    });

    it('is a conflict when nothing is left', async () => {
      const { again } = await spent(1, run);
      await expect(again()).rejects.toMatchObject({
        kind: 'conflict',
        message: 'The task has spent its part of the limit of its run.',
        errors: [{ remedy: 'Submit a new task with POST /tasks.' }],
      });
    });

    it('has the whole budget where the run has no limit', async () => {
      const { budgetUsd: _, ...free } = run;
      expect((await (await spent(0.6, free)).again()).budget.usd).toBe(1);
    });
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
