import type { Ids } from '../../ports/ids.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { TaskWaiter } from '../../ports/task-waiter.ts';
import { taskIdSchema, type TaskId } from '../../tasks/task-id.ts';
import { isTerminal, type Task } from '../../tasks/task.ts';
import { usesAgent, type Caller } from '../http/caller.ts';
import type { ApiAnswer } from '../http/operation.ts';
import { ApiProblem, notFound, writtenByAnother } from '../http/problem.ts';
import { RETRY_AFTER } from './get-task.ts';
import type { TasksToWaitFor, WaitedFor } from './messages.ts';
import { idOfRetry, isRetryable } from './retry-id.ts';
import { fullTaskView } from './task-view.ts';

interface Ports {
  readonly store: TaskStore;
  readonly waiter: TaskWaiter;
  readonly ids: Ids;
}

/** What each id stands for: `later` if it cannot be read now. */
type Found = ReadonlyMap<string, Task | ApiProblem | 'later'>;

/**
 * Waits until tasks of the caller's tenant have ended, for at most `wait` seconds, and returns those that have. Each id is
 * in exactly one of the three lists. When too many requests are waiting, it returns at once with a `Retry-After` header.
 */
export async function waitForTasks(
  ports: Ports,
  caller: Caller,
  { ids, wait }: TasksToWaitFor,
): Promise<ApiAnswer & { readonly body: WaitedFor }> {
  const wanted = [...new Set(ids)];
  const found = await readAll(ports.store, caller, wanted);
  const open = openIn(found);
  if (open.length === 0 || wait === 0) return { body: await bodyOf(ports, wanted, found) };
  if ((await ports.waiter.wait(open, wait)) === 'busy')
    return { body: await bodyOf(ports, wanted, found), headers: RETRY_AFTER };
  const after = new Map([...found, ...(await readAll(ports.store, caller, open))]);
  return { body: await bodyOf(ports, wanted, after) };
}

const tasksIn = (found: Found): readonly Task[] =>
  [...found.values()].flatMap((task) => (task === 'later' || task instanceof ApiProblem ? [] : [task]));

const openIn = (found: Found): readonly TaskId[] =>
  tasksIn(found).flatMap(({ id, state }) => (isTerminal(state) ? [] : [id]));

/** Reads the tasks. Those of other tenants (I8), and of agents that the key may not use, are the same as not found. */
async function readAll(store: TaskStore, caller: Caller, ids: readonly string[]): Promise<Found> {
  const valid = ids.flatMap((id) => taskIdSchema.safeParse(id).data ?? []);
  const read = await readEach(store, valid);
  const found = new Map<string, Task | ApiProblem | 'later'>();
  for (const id of ids) {
    const task = read.get(id) ?? notFound('task', id);
    const isOthers = typeof task === 'object' && 'tenant' in task && !isVisible(task, caller);
    found.set(id, isOthers ? notFound('task', id) : task);
  }
  return found;
}

const isVisible = ({ tenant, agent }: Task, caller: Caller): boolean =>
  tenant === caller.tenant && usesAgent(caller, agent);

/** Throws if none can be read. In several regions, a home that is lost hides its own tasks only. */
async function readEach(store: TaskStore, ids: readonly TaskId[]): Promise<Found> {
  const read = new Map<string, Task | ApiProblem | 'later'>();
  try {
    const tasks = await store.getMany(ids, (id) => read.set(id, writtenByAnother()));
    for (const task of tasks) read.set(task.id, task);
  } catch (error) {
    const alone = await Promise.allSettled(ids.map((id) => store.get(id)));
    if (alone.every(({ status }) => status === 'rejected')) throw error;
    for (const [index, one] of alone.entries()) {
      const found = one.status === 'rejected' ? 'later' : one.value;
      if (found) read.set(ids[index] ?? '', found);
    }
  }
  return read;
}

/** Ids of those tasks that start one of these again, if they exist. */
async function retriesOf(store: TaskStore, ids: Ids, found: Found): Promise<ReadonlyMap<TaskId, TaskId>> {
  const again = tasksIn(found).flatMap((task) => (isRetryable(task) ? [[task.id, idOfRetry(ids, task)] as const] : []));
  if (again.length === 0) return new Map();
  const existing = new Set((await store.getMany(again.map(([, retry]) => retry))).map(({ id }) => id));
  return new Map(again.filter(([, retry]) => existing.has(retry)));
}

/** Bytes of all views together. A response of a function can have 6 MB. */
const MAX_BYTES = 5_500_000;

/** The body is a string in the function's response, so its quotation marks and line ends are written as two characters. */
const sizeOf = (view: object): number => Buffer.byteLength(JSON.stringify(JSON.stringify(view)));

async function bodyOf({ store, ids }: Ports, wanted: readonly string[], found: Found): Promise<WaitedFor> {
  const retries = await retriesOf(store, ids, found);
  const body: { [List in keyof WaitedFor]: WaitedFor[List] } = { ended: [], pending: [], problems: [] };
  let bytes = 0;
  for (const id of wanted) {
    const task = found.get(id);
    if (task instanceof ApiProblem) body.problems.push({ id, problem: task.toProblem() });
    if (task === undefined || task instanceof ApiProblem) continue;
    const view = task !== 'later' && isTerminal(task.state) ? fullTaskView(task, retries.get(task.id)) : null;
    const size = view === null ? 0 : sizeOf(view);
    // One that is larger by itself is returned by itself.
    if (view === null || (bytes > 0 && bytes + size > MAX_BYTES)) body.pending.push(id);
    else {
      body.ended.push(view);
      bytes += size;
    }
  }
  return body;
}
