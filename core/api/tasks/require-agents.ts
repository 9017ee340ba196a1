import type { TaskStore } from '../../ports/task-store.ts';
import type { Session } from '../../sessions/session.ts';
import type { Task } from '../../tasks/task.ts';
import { requireAgent, type Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';

const unknownAgent = (): ApiProblem =>
  new ApiProblem('not-allowed', 'The key is restricted to some agents, and it is unknown whose tasks these are.', [
    {
      field: 'Authorization',
      message: 'is restricted to some agents',
      remedy: 'Use a key without an agent restriction.',
    },
  ]);

/** Whether the key may use the agents of all of these tasks. */
export const mayUseAll = ({ agents }: Caller, tasks: readonly Task[]): boolean =>
  agents === null || tasks.every(({ agent }) => agents.includes(agent));

/** Throws `ApiProblem` unless the key may use the agents of all of these tasks. @param missing tasks that were not read */
export function requireAgents(caller: Caller, tasks: readonly Task[], missing: number): void {
  if (caller.agents === null) return;
  for (const { agent } of tasks) requireAgent(caller, agent);
  if (missing > 0) throw unknownAgent();
}

/**
 * Throws `ApiProblem` unless the key may use every agent of the conversation, and the agent of every task that waits in it.
 * A task that is gone counts as foreign.
 */
export async function requireSession(
  store: Pick<TaskStore, 'getMany'>,
  caller: Caller,
  { waiting, turns, agents = [] }: Pick<Session, 'waiting' | 'turns' | 'agents'>,
): Promise<void> {
  if (caller.agents === null) return;
  for (const agent of agents) requireAgent(caller, agent);
  const ids = [...new Set([...waiting, ...turns.map(({ taskId }) => taskId)])];
  const tasks = await store.getMany(ids);
  requireAgents(caller, tasks, ids.length - tasks.length);
}
