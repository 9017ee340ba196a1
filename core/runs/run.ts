import { z } from 'zod';
import { storedRecord } from '../stored/record.ts';

/**
 * A run: tasks that a client submitted together, or one execution of a state machine. The ids of a client's tasks are
 * made from the run's id and their place; an execution's tasks are found by their `runId`.
 */
export const runSchema = storedRecord({
  id: z.string().min(1).max(128),
  tenant: z.string(),
  /** A word for people. */
  name: z.string().optional(),
  createdAt: z.number(),
  /** Tasks that were asked for; some may have been refused. An execution's: the documents in its upload manifest, or 1. */
  size: z.number().int().positive(),
  /** SHA-256 of the request, to tell a replay from another body under the same key (I10). */
  digest: z.string(),
  /** The ARN of the state machine's execution that creates the tasks. Absent: the API created them. */
  execution: z.string().optional(),
  /** Most US dollars that it may cost. Absent: it has no limit of its own, or an earlier release began it. */
  budgetUsd: z.number().positive().optional(),
  /** When it was cancelled. From then on no task of it starts. */
  cancelledAt: z.number().optional(),
  /** When its execution ended last. The end of a client's run follows from its tasks. */
  endedAt: z.number().optional(),
  /** When its execution failed first. It may be redriven since. */
  failedAt: z.number().optional(),
  /** When its execution sent a document after an end: it was redriven. Absent, or before `endedAt`: it is over. */
  rejoinedAt: z.number().optional(),
  /** When the oldest task was created that it has taken over from a cancelled run. Absent: none is older than the run. */
  tasksFrom: z.number().optional(),
});
export type Run = z.infer<typeof runSchema>;

/** What is noted on a run after it was created, in milliseconds. */
export type RunMark = 'cancelledAt' | 'endedAt' | 'failedAt' | 'rejoinedAt' | 'tasksFrom';

/** Which of two marks counts. */
const COUNTS: Readonly<Record<RunMark, 'first' | 'earliest' | 'latest'>> = {
  cancelledAt: 'first',
  failedAt: 'first',
  tasksFrom: 'earliest',
  endedAt: 'latest',
  rejoinedAt: 'latest',
};

/** The run with a mark, or null if that changes nothing. */
export function withMark(run: Run, what: RunMark, at: number): Run | null {
  const known = run[what];
  const counts = COUNTS[what];
  const replaces = known === undefined || (counts === 'earliest' && at < known) || (counts === 'latest' && at > known);
  return replaces ? { ...run, [what]: at } : null;
}

/** Whether its execution has ended, and was not redriven since. */
export const hasEnded = ({ endedAt, rejoinedAt = 0 }: Pick<Run, 'endedAt' | 'rejoinedAt'>): boolean =>
  endedAt !== undefined && rejoinedAt <= endedAt;

/** No task of the run was created before, in milliseconds. */
export const oldestTask = ({ createdAt, tasksFrom = createdAt }: Pick<Run, 'createdAt' | 'tasksFrom'>): number =>
  Math.min(createdAt, tasksFrom);

/** The idempotency key of a run's task: handing the run in again makes no other task. */
export const taskKeyInRun = ({ id }: Pick<Run, 'id'>, index: number): string => `run:${id}/${index}`;
