import type { Caller } from './caller.ts';
import { inParallel } from './in-parallel.ts';
import { batchItemSchema, type BatchAnswer } from './messages/lists.ts';
import { ApiProblem, invalid } from './problem.ts';
import { submitTask, type SubmitPorts } from './submit-task.ts';
import { accepted } from './task-view.ts';

/** Accepts what can be accepted of a batch, and says of each item what became of it; a bad one stops no other. */
export async function submitBatch(
  ports: SubmitPorts,
  caller: Caller,
  items: readonly unknown[],
  runId?: string,
): Promise<BatchAnswer> {
  return { items: await inParallel(items, (item) => submitItem(ports, caller, item, runId)) };
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
    return { status: 202, task: accepted(task) };
  } catch (error) {
    const problem =
      error instanceof ApiProblem
        ? error
        : new ApiProblem('failed', 'The item could not be accepted now. Send it again under its idempotency key.');
    return { status: problem.status, problem: problem.toProblem() };
  }
}
