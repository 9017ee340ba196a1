import { z } from 'zod';
import { chunksOf } from '../../concurrency/in-chunks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import { isDeadLetter, isTerminal, type Task } from '../../tasks/task.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';

const READ_AT_ONCE = 100;

/** Dead letters of a tenant, and where to continue: with those that ended before `next`. Absent at the end. */
export interface Found {
  readonly tasks: readonly Task[];
  readonly next: number | undefined;
}

interface Search {
  readonly caller: Caller;
  readonly agent: string;
  /** A page ends once it holds this many. */
  readonly limit: number;
  /** When the search stops. */
  readonly until: number;
  readonly before: number | undefined;
}

export const isOwnDeadLetter = (task: Task, { tenant }: Caller, agent: string): boolean =>
  task.tenant === tenant && task.agent === agent && isDeadLetter(task);

/**
 * Searches a pool's dead letters for a tenant's, newest first. A page ends between two milliseconds, so that its place
 * needs no id, which may be another tenant's: dead letters that ended together are on one page, beyond its limit.
 */
export async function searchDeadLetters(
  { store, clock }: { readonly store: Pick<TaskStore, 'deadLetters' | 'getMany'>; readonly clock: Pick<Clock, 'now'> },
  { caller, agent, limit, until, before }: Search,
): Promise<Found> {
  const tasks: Task[] = [];
  let last: number | undefined;
  for await (const chunk of chunksOf(store.deadLetters(agent, before), READ_AT_ONCE)) {
    const read = new Map((await store.getMany(chunk)).map((task) => [task.id, task]));
    // At least one chunk is read, so that each page gets further.
    const isOver = last !== undefined && clock.now() >= until;
    for (const task of chunk.flatMap((id) => read.get(id) ?? [])) {
      if (!isTerminal(task.state)) continue;
      const { finishedAt } = task.state;
      if (last !== undefined && finishedAt < last && (isOver || tasks.length >= limit)) return { tasks, next: last };
      last = finishedAt;
      if (isOwnDeadLetter(task, caller, agent)) tasks.push(task);
    }
  }
  return { tasks, next: undefined };
}

const placeSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** Parses a cursor of dead letters. Throws `ApiProblem`. */
export function parseDeadLetterCursor(cursor: string): number {
  const parsed = placeSchema.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new ApiProblem('invalid-request', 'cursor: is not a valid cursor.', [
    {
      field: 'cursor',
      message: 'is not a valid cursor',
      remedy: 'Pass the `next` value of the previous page unchanged.',
    },
  ]);
}
