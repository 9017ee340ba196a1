import { reviewedPartSchema } from '../findings/finding.ts';
import type { Part } from '../findings/review.ts';
import { agentNameOf } from './names.ts';
import { ordersOf } from './orders.ts';
import { reviewInputSchema, type ChangeInput } from './review-input.ts';

/** A task that the supervisor delegated, as far as a review needs it. */
export interface SpecialistTask {
  readonly agent: string;
  readonly status: string;
  readonly input?: unknown;
  readonly output?: unknown;
}

/**
 * What became of each order of a review: the task of its agent with the same input, one that succeeded first. A task with
 * another input, such as other rules of the repository, does not count.
 * @param change what the supervisor got
 * @param why tells people why a task did not succeed; it gets undefined when there is none
 */
export function partsOf<Task extends SpecialistTask>(
  { units, ...about }: ChangeInput,
  tasks: readonly Task[],
  why: (task: Task | undefined) => string,
): Part[] {
  return ordersOf(units).map(({ agent, unit }) => {
    const input = textOf({ ...about, files: unit });
    const found = tasks.filter((task) => task.agent === agentNameOf(agent) && textOf(task.input) === input);
    const task = found.find(({ status }) => status === 'succeeded') ?? found[0];
    const output = task?.status === 'succeeded' ? reviewedPartSchema.safeParse(task.output) : null;
    if (output?.success === true) return { agent, unit, output: output.data };
    return { agent, unit, output: null, reason: why(task) };
  });
}

/** The same for the same input, whatever the order of its fields. */
function textOf(input: unknown): string | null {
  const parsed = reviewInputSchema.safeParse(input);
  return parsed.success ? JSON.stringify(parsed.data) : null;
}
