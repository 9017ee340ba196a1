import { expect, it } from 'vitest';
import { getTask } from '#core/api/tasks/get-task.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['submit' as const], agents: null };

/** Reads an open task that should have ended first. Returns the answer, and how often the task was read. */
async function readWaiting(outcome: 'busy' | 'over') {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const { store, ids } = h.ports;
  const { id } = await h.accept({ tenant: 'acme' });
  let reads = 0;
  const counting: typeof store = {
    ...store,
    get(task) {
      reads += 1;
      return store.get(task);
    },
  };
  const waiter = { wait: () => Promise.resolve(outcome) };
  const answer = await getTask({ store: counting, ids, waiter }, CALLER, id, 20);
  return { answer, reads };
}

it('a task that was waited for is read again', async () => {
  const { answer, reads } = await readWaiting('over');
  expect(answer).not.toHaveProperty('headers');
  expect(reads).toBe(2);
});

it('a task that cannot be waited for is answered as it was read, with the time to ask again', async () => {
  const { answer, reads } = await readWaiting('busy');
  expect(answer).toMatchObject({ body: { status: 'queued' }, headers: { 'retry-after': '1' } });
  expect(reads).toBe(1);
});
