import { z } from 'zod';
import type { Caller } from '../http/caller.ts';
import { inParallel } from '../../concurrency/in-parallel.ts';
import { batchItemSchema, type BatchAnswer } from './messages.ts';
import { invalid } from '../http/problem.ts';
import { problemOf } from '../http/problem-of.ts';
import { submitTask, type SubmitPorts } from './submit-task.ts';
import { acceptedView } from './task-view.ts';

/**
 * Creates the tasks of a batch and returns one result per item. An invalid item does not affect the others. Items of one
 * session are created one after another, because they run in that order (I11).
 */
export async function submitBatch(
  ports: SubmitPorts,
  caller: Caller,
  items: readonly unknown[],
  runId?: string,
): Promise<BatchAnswer> {
  const answers: BatchAnswer['items'] = [];
  const own = { ...ports, tracer: tracerOfEach(ports) };
  await inParallel(bySession(items), async (indexes) => {
    for (const index of indexes) answers[index] = await submitItem(own, caller, items[index], runId);
  });
  return { items: answers };
}

/** Each task has a trace of its own, unless the caller sent one to go on with. */
const tracerOfEach = ({ tracer }: SubmitPorts): SubmitPorts['tracer'] =>
  tracer === undefined || tracer.current()?.isContinued === true
    ? tracer
    : { samples: (traceId) => tracer.samples(traceId), current: () => undefined };

const inSession = z.object({ sessionId: z.string() });

/** Indexes of the items, grouped by session. */
function bySession(items: readonly unknown[]): (readonly number[])[] {
  const groups = Map.groupBy(items.keys(), (index) => inSession.safeParse(items[index]).data?.sessionId ?? index);
  return [...groups.values()];
}

const FAILED =
  'The task could not be created because of an internal error. Send it again with the same idempotency key.';

async function submitItem(
  ports: SubmitPorts,
  caller: Caller,
  item: unknown,
  runId: string | undefined,
): Promise<BatchAnswer['items'][number]> {
  try {
    const parsed = batchItemSchema.safeParse(item);
    if (!parsed.success) throw invalid(parsed.error, 'body', 'cannot-accept');
    const { idempotencyKey, ...submission } = parsed.data;
    const task = await submitTask(ports, caller, submission, { idempotencyKey, runId });
    return { status: 202, task: acceptedView(task) };
  } catch (error) {
    const problem = problemOf(error, FAILED);
    return { status: problem.status, problem: problem.toProblem() };
  }
}
