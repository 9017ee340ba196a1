import { vi } from 'vitest';
import { nodeIds } from '#adapters/node/ids.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import { submit, type Submission } from '#core/tasks/submit.ts';
import { isTerminal, type Task } from '#core/tasks/task.ts';

/** The task that a test submits. Everything except `agent` and `input` has a default. */
export interface TestTask extends Partial<Omit<Submission, 'agent' | 'agentVersion' | 'input'>> {
  readonly agent: Agent;
  readonly input: unknown;
}

/** Stores a task, as the task API does before it sends the task's message to the queue. */
export async function storeTask(store: TaskStore, { agent, ...fields }: TestTask): Promise<Task> {
  const [ids, now] = [nodeIds(), Date.now()];
  const { task } = await submit(
    { store, ids },
    {
      tenant: 'acme',
      priority: 'default',
      budget: agent.budget,
      createdAt: now,
      deadline: now + 600_000,
      request: { id: 'test', retry: 0 },
      ...fields,
      agent: agent.name,
      agentVersion: agent.version,
    },
  );
  return task;
}

/** Submits `count` tasks, at most twenty at the same time. */
export async function submitMany(count: number, submitOne: (index: number) => Promise<Task>): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  while (tasks.length < count) {
    const batch = Array.from({ length: Math.min(20, count - tasks.length) }, (_, index) => submitOne(index));
    tasks.push(...(await Promise.all(batch)));
  }
  return tasks;
}

/** Returns the current state of those tasks that have ended. */
export async function endedOf(store: TaskStore, tasks: readonly Task[]): Promise<readonly Task[]> {
  return (await store.getMany(tasks.map(({ id }) => id))).filter(({ state }) => isTerminal(state));
}

/** Waits until all tasks have ended, and returns them. Rejects after `timeout` milliseconds. */
export const waitForEnd = (store: TaskStore, tasks: readonly Task[], timeout: number): Promise<readonly Task[]> =>
  vi.waitFor(
    async () => {
      const ended = await endedOf(store, tasks);
      if (ended.length < tasks.length) throw new Error(`${ended.length} of ${tasks.length} tasks have ended.`);
      return ended;
    },
    { timeout, interval: 100 },
  );

/** When a task ended, in milliseconds since the epoch. `Infinity` if it has not. */
export const endOf = ({ state }: Task): number => (isTerminal(state) ? state.finishedAt : Infinity);
