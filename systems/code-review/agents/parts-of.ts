import { reviewedPartSchema } from '../findings/finding.ts';
import type { Part } from '../findings/review.ts';
import { agentNameOf } from './names.ts';
import type { Order } from './orders.ts';
import { reviewInputSchema } from './review-input.ts';

/** A task that the supervisor delegated, as far as a review needs it. */
export interface SpecialistTask {
  readonly agent: string;
  readonly status: string;
  readonly input?: unknown;
  readonly output?: unknown;
}

/**
 * What became of each order: the task of its agent with its files, one that succeeded first.
 * @param why tells people why a task did not succeed; it gets undefined when there is none
 */
export function partsOf<Task extends SpecialistTask>(
  orders: readonly Order[],
  tasks: readonly Task[],
  why: (task: Task | undefined) => string,
): Part[] {
  return orders.map(({ agent, unit }) => {
    const files = JSON.stringify(unit);
    const found = tasks.filter((task) => task.agent === agentNameOf(agent) && filesOf(task) === files);
    const task = found.find(({ status }) => status === 'succeeded') ?? found[0];
    const output = task?.status === 'succeeded' ? reviewedPartSchema.safeParse(task.output) : null;
    if (output?.success === true) return { agent, unit, output: output.data };
    return { agent, unit, output: null, reason: why(task) };
  });
}

function filesOf({ input }: SpecialistTask): string | null {
  const parsed = reviewInputSchema.safeParse(input);
  return parsed.success ? JSON.stringify(parsed.data.files) : null;
}
