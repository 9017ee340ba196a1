import { expect, it } from 'vitest';
import type { ApiContext } from '#cli/api/api-command.ts';
import { cancelCommand } from '#cli/tasks/cancel.ts';
import { listTasks } from '#core/api/tasks/list-tasks.ts';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import { taskListQuerySchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { taskView } from '#core/api/tasks/task-view.ts';
import type { Operation } from '#core/api/http/operation.ts';
import type { Request } from '#cli/api/client.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { NOW, sampleTask, succeeded } from '../../contract/samples.ts';
import { inMemoryTaskStore } from '../../support/fakes/in-memory-task-store.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';

/** The API of a fleet from which a system was removed: its agent has no queue, no worker and no sweeper. */
async function removed(tasks: readonly Task[]) {
  const store = inMemoryTaskStore();
  for (const task of tasks) await store.create(task);
  const clock = manualClock();
  clock.set(NOW);
  const queue = { serves: async () => false, send: () => Promise.reject(new Error('The queue does not exist.')) };
  const caller = { tenant: 'acme', keyId: 'k', scopes: ['read' as const, 'operate' as const], agents: null };
  const lines: string[] = [];
  const call = async (operation: Operation, _schema: unknown, { params, query }: Request = {}) => {
    if (operation === taskOperations.listTasks) return listTasks(store, caller, taskListQuerySchema.parse(query));
    const task = await store.get(params?.['id'] as TaskId);
    return task && taskView(await cancelTask({ store, queue, clock }, task));
  };
  const output = { line: (text = '') => void lines.push(text), progress: () => undefined, json: () => undefined };
  const context = { api: { call }, output, json: false } as unknown as ApiContext;
  return { store, clock, lines, cancel: (agent: string) => cancelCommand(context, [], { agent }) };
}

it('cancel --agent ends every task of a removed agent, and no other', async () => {
  const parked: Task['state'] = { status: 'parked', until: NOW + 60_000, cause: 'yielded' };
  const running: Task['state'] = {
    status: 'running',
    holder: 'worker-1',
    leaseUntil: NOW + 60_000,
    cancelRequested: false,
  };
  const gone = ['queued', 'parked', 'running'].map((name) => sampleTask({ agent: 'gone', id: `${name}-1` as TaskId }));
  const [queued, waiting, held] = gone;
  const done = sampleTask({ agent: 'gone', state: succeeded(NOW) });
  const other = sampleTask({ agent: 'assistant' });
  const all = [queued, { ...waiting, state: parked }, { ...held, state: running, epoch: 1 }, done, other] as Task[];
  const { store, clock, lines, cancel } = await removed(all);
  const statuses = () => Promise.all(all.map(async ({ id }) => (await store.get(id))?.state.status));

  await cancel('gone');
  expect(await statuses()).toEqual(['cancelled', 'cancelled', 'running', 'succeeded', 'queued']);
  expect(lines.toSorted()).toEqual([
    'parked-1 is cancelled.',
    'queued-1 is cancelled.',
    'running-1 ends within seconds.',
  ]);
  // Nobody works on it: it ends once its lease has run out.
  clock.advance(60_000);
  await cancel('gone');
  expect(await statuses()).toEqual(['cancelled', 'cancelled', 'cancelled', 'succeeded', 'queued']);
  await cancel('gone');
  expect(lines.at(-1)).toBe('No task of the agent gone is open.');
});

it('wants exactly one of ids, --run and --agent', async () => {
  const context = {} as ApiContext;
  for (const [ids, options] of [
    [[], {}],
    [['task-1'], { agent: 'gone' }],
    [[], { run: 'run-1', agent: 'gone' }],
  ] as const)
    await expect(cancelCommand(context, ids, options)).rejects.toThrow('Give task ids or --run or --agent.');
});
