import { expect, test } from 'vitest';
import { getRun } from '#core/api/runs/rules.ts';
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
