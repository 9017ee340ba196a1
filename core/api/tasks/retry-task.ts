import type { AgentCard } from '../../agents/agent-card.ts';
import type { Budget } from '../../budgets/budget.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { treeCostOf } from '../../tasks/cost.ts';
import { clientFieldsOf, isTerminal, type Task } from '../../tasks/task.ts';
import { findAgent } from '../fleet/catalogue.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem } from '../http/problem.ts';
import { supportsEconomy } from './economy.ts';
import { readTask } from './get-task.ts';
import { isRetryable, keyOfRetry } from './retry-id.ts';
import { acceptOrThrow, requireOwnTurn, requireOwnSession, type SubmitPorts } from './submit-task.ts';

export interface RetryPorts extends Omit<SubmitPorts, 'uploads' | 'callbackRules'> {
  readonly runs: Pick<RunStore, 'get'>;
}

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

const SUBMIT_ANEW = 'Submit a new task with POST /tasks.';
const REMEDIES: Readonly<Partial<Record<Task['state']['status'], string>>> = {
  succeeded: SUBMIT_ANEW,
  escalated: 'Answer the escalation, or submit a new task with POST /tasks.',
};

/**
 * Creates the same task again, with the same time until its deadline and the agent's current version. Throws `ApiProblem`,
 * such as a conflict when nothing is left of what the limit of its run allows it.
 */
export async function acceptRetry(ports: RetryPorts, task: Task): Promise<Task> {
  const budget = await withinRun(ports, task);
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
    budget: withinAgent(budget, card),
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

/** In a run with a limit, a task's budget is its part of it, so a retry gets what the task has left of it. */
async function withinRun({ runs }: RetryPorts, task: Task): Promise<Budget> {
  const { tenant, runId, budget } = task;
  const run = runId === undefined ? null : await runs.get(tenant, runId);
  if (run?.budgetUsd === undefined) return budget;
  const usd = budget.usd - treeCostOf(task).usd;
  if (usd > 0) return { ...budget, usd };
  throw new LimitSpent();
}

/** A retry would exceed the limit of the run. */
export class LimitSpent extends ApiProblem {
  constructor() {
    super('conflict', 'The task has spent its part of the limit of its run.', [
      { field: 'id', message: 'names a task of which a retry would exceed the limit', remedy: SUBMIT_ANEW },
    ]);
  }
}

/** The agent's budget may be lower by now. */
function withinAgent({ tokens, usd }: Budget, card: AgentCard | undefined): Budget {
  if (card === undefined) return { tokens, usd };
  return { tokens: Math.min(tokens, card.budget.tokens), usd: Math.min(usd, card.budget.usd) };
}
