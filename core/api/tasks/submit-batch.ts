import { z } from 'zod';
import type { Caller } from '../http/caller.ts';
import { inParallel } from '../http/in-parallel.ts';
import { batchItemSchema, type BatchAnswer } from './messages.ts';
import { ApiProblem, invalid } from '../http/problem.ts';
import { submitTask, type SubmitPorts } from './submit-task.ts';
import { acceptedView } from './task-view.ts';

/**
 * Accepts what can be accepted of a batch, and says of each item what became of it; a bad one stops no other. Items of
 * one session are accepted one after the other, since that is the order they will run in (I11).
 */
export async function submitBatch(
  ports: SubmitPorts,
  caller: Caller,
  items: readonly unknown[],
  runId?: string,
): Promise<BatchAnswer> {
  const answers: BatchAnswer['items'] = [];
  await inParallel(bySession(items), async (places) => {
    for (const place of places) answers[place] = await submitItem(ports, caller, items[place], runId);
  });
  return { items: answers };
}

const inSession = z.object({ sessionId: z.string() });

/** Places of the items, those of a session together. */
function bySession(items: readonly unknown[]): (readonly number[])[] {
  const groups = Map.groupBy(items.keys(), (place) => inSession.safeParse(items[place]).data?.sessionId ?? place);
  return [...groups.values()];
}

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
    const problem =
      error instanceof ApiProblem
        ? error
        : new ApiProblem('failed', 'The item could not be accepted now. Send it again under its idempotency key.');
    return { status: problem.status, problem: problem.toProblem() };
  }
}
