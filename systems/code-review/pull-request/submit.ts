import type { AgentCard } from '#core/agents/agent-card.ts';
import { cancelTask } from '#core/api/tasks/cancel-task.ts';
import { acceptTask, type AcceptPorts } from '#core/tasks/accept.ts';
import { apply } from '#core/tasks/apply.ts';
import { addWaiter } from '#core/tasks/finish.ts';
import { isTerminal } from '#core/tasks/task.ts';
import { isOwn, type Execution } from './claim.ts';
import type { Order } from './order.ts';
import { inputName } from './plan-file.ts';
import type { ReviewPorts } from './ports.ts';
import { taskKeyOf } from './task-id.ts';

export type SubmitPorts = AcceptPorts &
  Pick<ReviewPorts, 'claims' | 'queue' | 'files' | 'settings'> & { readonly supervisor: AgentCard };

/** Ends the wait for the task by its name, which the state machine knows. */
class Over extends Error {
  constructor(name: 'Review.Superseded' | 'Review.Ended', message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Submits the supervisor's task, with the state machine among its waiters. The task is the same however often this is
 * repeated. Throws `Review.Superseded` when another execution has claimed the pull request, and `Review.Ended` when the
 * task ended before.
 */
export async function submitReview(
  ports: SubmitPorts,
  order: Order,
  execution: Execution,
  token: string,
): Promise<void> {
  const held = await requireClaim(ports, order, execution);
  const { supervisor, clock, settings, files } = ports;
  const now = clock.now();
  const { task } = await acceptTask(ports, {
    tenant: settings.tenant,
    agent: supervisor.name,
    agentVersion: supervisor.version,
    idempotencyKey: taskKeyOf(execution.name),
    keyScope: 'tenant',
    priority: 'high',
    input: null,
    inputAt: files.at(inputName(execution.name)),
    budget: { ...supervisor.budget, usd: Math.min(supervisor.budget.usd, held) },
    createdAt: now,
    deadline: now + supervisor.deadline * 1_000,
    request: { id: execution.name, retry: 0 },
    waiter: token,
  });
  const { task: joined } = await apply(ports.store, task, (current) => addWaiter(current, token));
  if (isTerminal(joined.state)) throw new Over('Review.Ended', 'The task has ended.');
  // Another execution may have claimed the pull request before this task was there to be cancelled.
  await requireClaim(ports, order, execution).catch(async (error: unknown) => {
    // A claim that could not be read may still be one's own.
    if (error instanceof Over) await cancelTask(ports, joined);
    throw error;
  });
}

/** @returns the money that the claim holds, in US dollars */
async function requireClaim({ claims }: SubmitPorts, order: Order, execution: Execution): Promise<number> {
  const claim = await claims.get(order);
  if (!isOwn(claim, execution) || claim.held === undefined)
    throw new Over('Review.Superseded', 'Another review has taken over.');
  return claim.held.usd;
}
