import { expect, test } from 'vitest';
import { cancelRun, getRun } from '#core/api/runs/rules.ts';
import type { Run } from '#core/runs/run.ts';
import { sampleTask } from '../../contract/samples.ts';
import { inMemoryRunStore } from '../../support/fakes/in-memory-run-store.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const caller = { tenant: 'acme', keyId: 'key-1', scopes: ['read' as const], agents: null };

test('a run says how far each agent is and what it costs, the first stage first', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const none = sampleTask({}).spend;
  const add = async (agent: string, createdAt: number, usd: number, ended: boolean): Promise<void> => {
    const task = sampleTask({ tenant: 'acme', agent, runId: 'run-1', spend: { ...none, usd } });
    const state = ended
      ? { status: 'succeeded' as const, output: {}, warnings: [], finishedAt: 9, notified: true }
      : task.state;
    await h.store.create({ ...task, createdAt, state });
  };
  await add('analyst', 3, 0.25, true);
  await add('scout', 2, 0, false);
  await add('scout', 1, 0, true);
  const run = { id: 'run-1', tenant: 'acme', createdAt: 0, size: 2, digest: 'd', execution: 'arn' };
  const view = await getRun({ ...h.ports, runs: inMemoryRunStore(run) }, caller, 'run-1');
  expect(view.agents?.map(({ agent }) => agent)).toEqual(['scout', 'analyst']);
  expect(view.agents).toMatchObject([
    { tasks: { queued: 1, succeeded: 1 }, spent: { usd: 0 } },
    { tasks: { queued: 0, succeeded: 1 }, spent: { usd: 0.25 } },
  ]);
  expect(view).toMatchObject({ tasks: { queued: 1, succeeded: 2 }, spent: { usd: 0.25 } });
});

const ENDED = { id: 'run-1', tenant: 'acme', createdAt: 0, size: 5, digest: 'd', execution: 'arn', endedAt: 9 };

/** A run of five documents with one task, which has ended: the others are copies, or known from earlier runs. */
async function withReused(run: Run) {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const task = sampleTask({ tenant: 'acme', runId: 'run-1' });
  await h.store.create({
    ...task,
    state: { status: 'succeeded', output: {}, warnings: [], finishedAt: 9, notified: true },
  });
  return { ...h, runs: inMemoryRunStore(run), executions: { stop: async () => 'stopped' as const } };
}

test('the documents of an ended run add up: those without a task are counted', async () => {
  const ports = await withReused(ENDED);
  expect(await getRun(ports, caller, 'run-1')).toMatchObject({
    status: 'ended',
    tasks: { succeeded: 1 },
    withoutTask: 4,
  });
  const { endedAt: _, ...running } = ENDED;
  expect(await getRun(await withReused(running), caller, 'run-1')).not.toHaveProperty('withoutTask');
});

test('a cancel of a run that has succeeded changes nothing, also if documents have no task', async () => {
  const ports = await withReused(ENDED);
  expect(await cancelRun(ports, { ...caller, scopes: ['submit'] }, 'run-1')).not.toHaveProperty('cancelled');
  // One that has failed may be redriven.
  const failed = await withReused({ ...ENDED, failedAt: 9 });
  expect(await cancelRun(failed, { ...caller, scopes: ['submit'] }, 'run-1')).toMatchObject({ cancelled: true });
});
