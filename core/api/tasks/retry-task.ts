import type { AgentCard } from '../../agents/agent-card.ts';
import type { Budget } from '../../budgets/budget.ts';
import { clientFieldsOf, isTerminal, type Task } from '../../tasks/task.ts';
import { findAgent } from '../fleet/catalogue.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';
import { supportsEconomy } from './economy.ts';
import { readTask } from './get-task.ts';
import { isRetryable, keyOfRetry } from './retry-id.ts';
import { acceptOrThrow, requireOwnTurn, requireOwnSession, type SubmitPorts } from './submit-task.ts';

export type RetryPorts = Omit<SubmitPorts, 'uploads' | 'callbackRules'>;

/**
 * Starts a failed or cancelled task again, as a new task; the old one does not change. Retrying it again returns the
 * same new task. Throws `ApiProblem`.
 */
export async function retryTask(ports: RetryPorts, caller: Caller, id: string): Promise<Task> {
  const task = await readTask(ports.store, caller, id);
  findAgent(ports.agents, task.agent);
  await requireOwnSession(ports, caller, task.sessionId);
  if (isRetryable(task)) {
    const next = await acceptRetry(ports, task);
    await requireOwnTurn(ports, caller, next);
    return next;
  }
  const remedy = REMEDIES[task.state.status] ?? 'Wait until it ends, or cancel it first.';
  throw new ApiProblem('conflict', `The task ${isTerminal(task.state) ? 'has' : 'is'} ${task.state.status}.`, [
    { field: 'id', message: `names a task that is ${task.state.status}`, remedy },
  ]);
}

const REMEDIES: Readonly<Partial<Record<Task['state']['status'], string>>> = {
  succeeded: 'Submit a new task with POST /tasks.',
  escalated: 'Answer the escalation, or submit a new task with POST /tasks.',
};

/** Creates the same task again, with the same time until its deadline and the agent's current version. */
export function acceptRetry(ports: RetryPorts, task: Task): Promise<Task> {
  const now = ports.clock.now();
  const { tenant, agent, input, inputAt, runId } = task;
  const card = ports.agents.get(agent);
  // The agent may have tools by now, which rule out `economy`.
  const priority = task.priority === 'economy' && !(card && supportsEconomy(card)) ? 'default' : task.priority;
  const key = keyOfRetry(task);
  return acceptOrThrow(ports, {
    ...clientFieldsOf(task),
    tenant,
    agent,
    priority,
    input,
    inputAt,
    budget: withinAgent(task.budget, card),
    runId,
    agentVersion: card?.version ?? task.agentVersion,
    idempotencyKey: key,
    keyScope: 'tenant',
    createdAt: now,
    deadline: now + task.deadline - task.createdAt,
    request: { id: key, retry: 0 },
    retryOf: task.id,
  });
}

/** The agent's budget may be lower by now. */
function withinAgent({ tokens, usd }: Budget, card: AgentCard | undefined): Budget {
  if (card === undefined) return { tokens, usd };
  return { tokens: Math.min(tokens, card.budget.tokens), usd: Math.min(usd, card.budget.usd) };
}
