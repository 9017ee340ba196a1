import type { Caller } from '../api/http/caller.ts';
import type { AgentCatalogue } from '../api/fleet/catalogue.ts';
import { idOfRetry } from '../api/tasks/retry-id.ts';
import { chunksOf } from '../concurrency/in-chunks.ts';
import type { Ids } from '../ports/ids.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { costOf } from '../tasks/cost.ts';
import { taskIdSchema, type TaskId } from '../tasks/task-id.ts';
import type { Task } from '../tasks/task.ts';
import type { BulkKind } from './action.ts';
import { isWanted, type BulkFilter } from './filter.ts';

/** Most tasks of one action. */
export const MAX_BULK_TASKS = 10_000;
const READ_AT_ONCE = 100;

/** What is kept of a chosen task. */
export interface Chosen {
  readonly id: TaskId;
  readonly agent: string;
  readonly status: Task['state']['status'];
  readonly createdAt: number;
  /** In US dollars: what it cost, and its budget. */
  readonly usd: number;
  readonly budgetUsd: number;
}

export interface Selection {
  /** Oldest first. */
  readonly tasks: readonly Chosen[];
  /** Whether the search reached its end. If not, it found too many tasks or took too long. */
  readonly end: 'complete' | 'too-many' | 'out-of-time';
}

export interface SelectPorts {
  readonly store: TaskStore;
  readonly ids: Ids;
  readonly agents: AgentCatalogue;
}

/** Finds the tasks of a bulk action. A task that was retried before is left out. @param hasTime false ends the search */
export async function selectTasks(
  ports: SelectPorts,
  caller: Caller,
  kind: BulkKind,
  filter: BulkFilter,
  hasTime: () => boolean,
): Promise<Selection> {
  const found = new Map<TaskId, Chosen>();
  const selection = (end: Selection['end']): Selection => ({ tasks: [...found.values()].toSorted(byAge), end });
  for await (const ids of chunksOf(candidates(ports, caller, kind, filter), READ_AT_ONCE)) {
    const tasks = (await ports.store.getMany(ids)).filter((task) => isWanted(task, caller, kind, filter));
    for (const task of kind === 'cancel' ? tasks : await notRetried(ports, tasks)) found.set(task.id, chosen(task));
    if (found.size > MAX_BULK_TASKS) return selection('too-many');
    if (!hasTime()) return selection('out-of-time');
  }
  return selection('complete');
}

const byAge = (a: Chosen, b: Chosen): number => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);

const chosen = (task: Task): Chosen => ({
  id: task.id,
  agent: task.agent,
  status: task.state.status,
  createdAt: task.createdAt,
  usd: costOf(task).usd,
  budgetUsd: task.budget.usd,
});

/** The narrowest list that has all tasks of the filter. The indexes of agents have tasks of all tenants. */
async function* candidates(
  { store, agents }: SelectPorts,
  { tenant, agents: allowed }: Caller,
  kind: BulkKind,
  { tasks, agent, runId, since, until }: BulkFilter,
): AsyncGenerator<TaskId> {
  if (tasks) yield* tasks.flatMap((id) => taskIdSchema.safeParse(id).data ?? []);
  else if (kind === 'redrive') {
    const names = agent === undefined ? [...agents.keys()] : [agent];
    for (const name of names) if (allowed?.includes(name) ?? true) yield* store.deadLetters(name);
  } else if (kind === 'cancel' && agent !== undefined && runId === undefined) yield* store.unfinished(agent);
  else for await (const { id } of store.list({ tenant, agent, runId, from: since, to: until })) yield id;
}

async function notRetried({ store, ids }: SelectPorts, tasks: readonly Task[]): Promise<readonly Task[]> {
  const retries = new Set<TaskId>();
  const wanted = tasks.map((task) => idOfRetry(ids, task));
  for (const { id } of await store.getMany(wanted, (id) => retries.add(id))) retries.add(id);
  return tasks.filter((task) => !retries.has(idOfRetry(ids, task)));
}
