import type { Clock } from '../../ports/clock.ts';
import type { TaskId } from '../../tasks/task-id.ts';
import type { Task } from '../../tasks/task.ts';
import type { Caller } from '../http/caller.ts';
import { inParallel } from '../../concurrency/in-parallel.ts';
import { deadLetterSchema, type DeadLetter, type RedriveAnswer } from './messages.ts';
import { requirePool } from './rules.ts';
import { isOwnDeadLetter, parseDeadLetterCursor, searchDeadLetters, type Found } from './search-dead-letters.ts';
import { idOfRetry } from '../tasks/retry-id.ts';
import { acceptRetry, LimitSpent, type RetryPorts } from '../tasks/retry-task.ts';
import { taskView } from '../tasks/task-view.ts';

type DeadLetterPorts = Pick<RetryPorts, 'store' | 'agents' | 'ids'> & { readonly clock: Pick<Clock, 'now'> };

/** Longest search of one request, in milliseconds. API Gateway waits 29 seconds. */
const MAX_SEARCH_MS = 8_000;
const MAX_AT_ONCE = 100;

/** Returns a page of a tenant's dead letters in a pool, newest first, each with the task that redrove it. Throws `ApiProblem`. */
export async function listDeadLetters(
  ports: DeadLetterPorts,
  caller: Caller,
  agent: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  requirePool(ports.agents, caller, agent);
  const until = ports.clock.now() + MAX_SEARCH_MS;
  const { tasks, next } = await searchDeadLetters(ports, { caller, agent, limit, until, before: placeOf(cursor) });
  const again = await redriven(ports, tasks);
  return {
    deadLetters: tasks.map((task) => viewOf(task, again)),
    more: next !== undefined,
    ...(next === undefined ? {} : { next: String(next) }),
  };
}

const placeOf = (cursor: string | undefined): number | undefined =>
  cursor === undefined ? undefined : parseDeadLetterCursor(cursor);

/**
 * Creates new tasks from the given dead letters, or from those that have not been redriven, about 100 at a time. The new
 * id is derived from the old one, so repeating the request creates no second task. Throws `ApiProblem`.
 */
export async function redriveDeadLetters(
  ports: RetryPorts,
  caller: Caller,
  agent: string,
  { tasks: wanted, cursor }: { readonly tasks?: readonly string[] | undefined; readonly cursor?: string | undefined },
): Promise<RedriveAnswer> {
  requirePool(ports.agents, caller, agent);
  const { tasks: dead, next } = wanted
    ? { tasks: await given(ports, caller, agent, wanted), next: undefined }
    : await searchNotRedriven(ports, caller, agent, placeOf(cursor));
  const made = await inParallel(dead, async (task) => {
    const next = await acceptRetry(ports, task).catch(unlessSpent);
    return next === null ? [] : [{ deadLetter: task.id, task: next.id }];
  });
  return { redriven: made.flat(), more: next !== undefined, ...(next === undefined ? {} : { next: String(next) }) };
}

/** A dead letter of which a retry would exceed the limit of its run is left out. The others are redriven. */
function unlessSpent(error: unknown): null {
  if (error instanceof LimitSpent) return null;
  throw error;
}

async function given({ store }: DeadLetterPorts, caller: Caller, agent: string, ids: readonly string[]) {
  return (await store.getMany(ids as readonly TaskId[])).filter((task) => isOwnDeadLetter(task, caller, agent));
}

/** The first page with a dead letter that has not been redriven. */
async function searchNotRedriven(
  ports: DeadLetterPorts,
  caller: Caller,
  agent: string,
  from: number | undefined,
): Promise<Found> {
  const until = ports.clock.now() + MAX_SEARCH_MS;
  for (let before = from; ;) {
    const { tasks, next } = await searchDeadLetters(ports, { caller, agent, limit: MAX_AT_ONCE, until, before });
    const again = await redriven(ports, tasks);
    const fresh = tasks.filter(({ id }) => !again.has(id));
    if (fresh.length > 0 || next === undefined || ports.clock.now() >= until) return { tasks: fresh, next };
    before = next;
  }
}

async function redriven(
  ports: Pick<DeadLetterPorts, 'store' | 'ids'>,
  dead: readonly Task[],
): Promise<ReadonlyMap<TaskId, TaskId>> {
  const found = new Set<TaskId>();
  const retries = dead.map((task) => idOfRetry(ports.ids, task));
  for (const { id } of await ports.store.getMany(retries, (id) => found.add(id))) found.add(id);
  return new Map(
    dead.map((task) => [task.id, idOfRetry(ports.ids, task)] as const).filter(([, next]) => found.has(next)),
  );
}

function viewOf(task: Task, again: ReadonlyMap<TaskId, TaskId>): DeadLetter {
  const redrivenAs = again.get(task.id);
  return { ...deadLetterSchema.parse(taskView(task)), ...(redrivenAs === undefined ? {} : { redrivenAs }) };
}
