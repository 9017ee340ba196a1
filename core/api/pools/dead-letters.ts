import { isDeadLetter, type Task, type TaskId } from '../../tasks/task.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { Caller } from '../http/caller.ts';
import { inParallel } from '../../concurrency/in-parallel.ts';
import { deadLetterSchema, type DeadLetter } from './messages.ts';
import { requirePool } from './rules.ts';
import { idOfRetry } from '../tasks/retry-id.ts';
import { acceptRetry, type RetryPorts } from '../tasks/retry-task.ts';
import { taskView } from '../tasks/task-view.ts';

type DeadLetterPorts = Pick<RetryPorts, 'store' | 'agents' | 'ids'>;

/** Most dead letters of the tenant for one response. Those of other tenants are skipped and do not count. */
const MAX_FOUND = 1_000;
const READ_AT_ONCE = 100;

/** Returns a tenant's dead letters in a pool, newest first, each with the task that redrove it. Throws `ApiProblem`. */
export async function listDeadLetters(ports: DeadLetterPorts, caller: Caller, agent: string, limit: number) {
  requirePool(ports.agents, caller, agent);
  const dead = (await deadLettersOf(ports.store, caller, agent)).slice(0, limit);
  const again = await redriven(ports, dead);
  return { deadLetters: dead.map((task) => viewOf(task, again)) };
}

/**
 * Creates new tasks from the given dead letters, or from all that have not been redriven, 100 at a time. The new id is
 * derived from the old one, so repeating the request creates no second task. Throws `ApiProblem`.
 */
export async function redriveDeadLetters(
  ports: RetryPorts,
  caller: Caller,
  agent: string,
  wanted: readonly string[] | undefined,
) {
  requirePool(ports.agents, caller, agent);
  const dead = wanted
    ? (await ports.store.getMany(wanted as readonly TaskId[])).filter((task) => isOwnDeadLetter(task, caller, agent))
    : await notRedriven(ports, await deadLettersOf(ports.store, caller, agent));
  const now = dead.slice(0, MAX_AT_ONCE);
  const made = await inParallel(now, async (task) => ({
    deadLetter: task.id,
    task: (await acceptRetry(ports, task)).id,
  }));
  return { redriven: made, more: dead.length > now.length };
}

const MAX_AT_ONCE = 100;

const isOwnDeadLetter = (task: Task, { tenant }: Caller, agent: string): boolean =>
  task.tenant === tenant && task.agent === agent && isDeadLetter(task);

async function deadLettersOf(store: TaskStore, caller: Caller, agent: string): Promise<readonly Task[]> {
  const own: Task[] = [];
  let ids: TaskId[] = [];
  const read = async (): Promise<void> => {
    const tasks = new Map((await store.getMany(ids)).map((task) => [task.id, task]));
    own.push(...ids.flatMap((id) => tasks.get(id) ?? []).filter((task) => isOwnDeadLetter(task, caller, agent)));
    ids = [];
  };
  for await (const id of store.deadLetters(agent)) {
    if (ids.push(id) === READ_AT_ONCE) await read();
    if (own.length >= MAX_FOUND) break;
  }
  await read();
  return own.slice(0, MAX_FOUND);
}

async function redriven(ports: DeadLetterPorts, dead: readonly Task[]): Promise<ReadonlyMap<TaskId, TaskId>> {
  const found = new Set<TaskId>();
  const retries = dead.map((task) => idOfRetry(ports.ids, task));
  for (const { id } of await ports.store.getMany(retries, (id) => found.add(id))) found.add(id);
  return new Map(
    dead.map((task) => [task.id, idOfRetry(ports.ids, task)] as const).filter(([, next]) => found.has(next)),
  );
}

async function notRedriven(ports: DeadLetterPorts, dead: readonly Task[]): Promise<readonly Task[]> {
  const again = await redriven(ports, dead);
  return dead.filter(({ id }) => !again.has(id));
}

function viewOf(task: Task, again: ReadonlyMap<TaskId, TaskId>): DeadLetter {
  const redrivenAs = again.get(task.id);
  return { ...deadLetterSchema.parse(taskView(task)), ...(redrivenAs === undefined ? {} : { redrivenAs }) };
}
