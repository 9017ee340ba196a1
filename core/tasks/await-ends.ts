import type { TaskStore } from '../ports/task-store.ts';
import { unlessUnreadable } from '../stored/record.ts';
import type { TaskId } from './task-id.ts';
import { isTerminal } from './task.ts';

export interface Time {
  /** Milliseconds since any moment. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** Looks are 100 ms apart at first, for tasks that are about to end, and up to a second later on. */
const FIRST_MS = 100;
const MAX_MS = 1_000;

/** Resolves when all tasks have ended, or after some seconds. One that does not exist, or that this release
 * cannot read, counts as ended. */
export async function awaitEnds(
  store: Pick<TaskStore, 'get' | 'getMany'>,
  ids: readonly TaskId[],
  seconds: number,
  time: Time,
): Promise<void> {
  const until = time.now() + seconds * 1_000;
  let open = ids;
  for (let wait = FIRST_MS; ; wait = Math.min(MAX_MS, wait * 1.3)) {
    open = await openOf(store, open);
    const left = until - time.now();
    if (open.length === 0 || left <= 0) return;
    await time.sleep(Math.min(wait, left));
  }
}

/**
 * Those that may still be open. Tasks begin in the order of their acceptance, so the last one tells most: while it is open
 * the others are not read.
 */
async function openOf(store: Pick<TaskStore, 'get' | 'getMany'>, ids: readonly TaskId[]): Promise<readonly TaskId[]> {
  const last = ids.at(-1);
  if (last === undefined) return [];
  const task = await unlessUnreadable(store.get(last), null);
  if (task && !isTerminal(task.state)) return ids;
  const others = ids.slice(0, -1);
  const found = new Map((await store.getMany(others)).map((other) => [other.id, other]));
  return others.filter((id) => {
    const other = found.get(id);
    return other !== undefined && !isTerminal(other.state);
  });
}
