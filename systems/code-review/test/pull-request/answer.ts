import type { Budget } from '#core/budgets/budget.ts';
import { NO_SPEND } from '#core/budgets/budget.ts';
import { keyedTaskId } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import { apply } from '#core/tasks/apply.ts';
import { advance } from '#core/tasks/transition.ts';
import { sampleTask, succeeded } from '#test/contract/samples.ts';
import { agentNameOf } from '../../agents/names.ts';
import { ordersOf } from '../../agents/orders.ts';
import { changeInputSchema } from '../../agents/review-input.ts';
import type { Execution } from '../../pull-request/claim.ts';
import { inputName } from '../../pull-request/plan-file.ts';
import { prepareReview } from '../../pull-request/prepare.ts';
import { taskIdOf } from '../../pull-request/task-id.ts';
import { submitReview } from '../../pull-request/submit.ts';
import type { reviewing } from './reviewing.ts';

type Reviewing = Awaited<ReturnType<typeof reviewing>>;

/** What a supervisor reserves for each of its specialists here. */
export const RESERVED: Budget = { tokens: 10_000, usd: 1 };

export interface Answer {
  /** The state of each specialist's task. */
  readonly specialists: TaskState;
  /** What each of them has spent, in US dollars. */
  readonly usd?: number;
  /** The state of the supervisor's task. @default it stays as it is */
  readonly supervisor?: TaskState;
}

/** Lets the supervisor of a submitted review delegate to its specialists, whose tasks stand as `answer` says. */
export async function delegate({ ports }: Reviewing, execution: Execution, answer: Answer): Promise<Task> {
  const { units, ...about } = changeInputSchema.parse(await ports.files.get(inputName(execution.name)));
  const children = ordersOf(units).map(({ agent, unit }, index) =>
    sampleTask({
      id: keyedTaskId(ports.ids, 'specialist', `${execution.name}-${index}`),
      agent: agentNameOf(agent),
      input: { ...about, files: unit },
      spend: { ...NO_SPEND, usd: answer.usd ?? 0 },
      state: answer.specialists,
    }),
  );
  for (const child of children) await ports.store.create(child);
  const supervisor = await ports.store.get(taskIdOf(ports, execution));
  if (supervisor === null) throw new Error('The review has no task.');
  const delegation = {
    step: 1,
    epoch: 1,
    tool: 'review-parts',
    toolUseId: 'toolu_1',
    since: 0,
    until: supervisor.deadline,
    children: children.map(({ id, agent }, index) => ({ id, to: agent, index, budget: RESERVED })),
  };
  const { task } = await apply(ports.store, supervisor, (current) =>
    advance(current, {
      delegation,
      children: children.map(({ id }) => id),
      ...(answer.supervisor && { state: answer.supervisor }),
    }),
  );
  return task;
}

/** Takes a review to the point where its specialists have found nothing, so that its verdict is to be posted. */
export async function reviewed(on: Reviewing, order: Reviewing['order'], execution: Execution): Promise<void> {
  const prepared = await prepareReview(on.ports, order(), execution);
  if (prepared.outcome !== 'review') throw new Error(`There is nothing to review: ${JSON.stringify(prepared)}`);
  await submitReview(on.ports, order(), execution, 'token');
  const now = on.clock.now();
  await delegate(on, execution, { specialists: succeeded(now, { findings: [] }), supervisor: succeeded(now) });
}
