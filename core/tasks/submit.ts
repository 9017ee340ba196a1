import { NO_SPEND, type Budget } from '../budgets/budget.ts';
import type { Ids } from '../ports/ids.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { taskIdSchema, type Priority, type Task, type TaskId } from './task.ts';

/** What a task is made from. */
export interface Submission {
  readonly tenant: string;
  readonly agent: string;
  readonly agentVersion: string;
  /** Equal keys are the same task (I10); for documents it is the digest of their bytes. */
  readonly idempotencyKey: string;
  readonly priority: Priority;
  readonly input: unknown;
  readonly budget: Budget;
  readonly createdAt: number;
  readonly deadline: number;
  readonly runId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly inputAt?: Task['inputAt'];
  readonly system?: string | undefined;
  readonly callback?: Task['callback'];
  readonly metadata?: Task['metadata'];
  /** Whoever asks: a task that failed for an earlier request, or an earlier retry of this one, is tried anew. */
  readonly request: { readonly id: string; readonly retry: number };
  readonly waiter?: string | undefined;
}

/**
 * The id of the task for a key: the same in every region, and for every redelivery. `generation` counts fresh
 * starts after failures, since a terminal state is final (I1).
 */
export function taskId(
  ids: Ids,
  from: Pick<Submission, 'tenant' | 'agent' | 'agentVersion' | 'idempotencyKey'>,
  generation: number,
): TaskId {
  const identity = [from.tenant, from.agent, from.agentVersion, from.idempotencyKey, generation];
  return taskIdSchema.parse(`${from.agent}-${ids.digest(JSON.stringify(identity)).slice(0, 32)}`);
}

/** Puts the task if it is absent and answers with what is there: the newest generation that may serve the request. */
export async function submit(
  { store, ids }: { readonly store: TaskStore; readonly ids: Ids },
  submission: Submission,
): Promise<{ readonly created: boolean; readonly task: Task }> {
  for (let generation = 0; ; generation += 1) {
    const result = await store.create(newTask(taskId(ids, submission, generation), submission));
    if (result.created || !mayTryAgain(result.task, submission)) return result;
  }
}

function mayTryAgain(existing: Task, { request, waiter }: Submission): boolean {
  const { status } = existing.state;
  if (status !== 'failed' && status !== 'cancelled') return false;
  // This message came before, and joined the task while it ran: its waiter is told of that end, and of no other.
  if (waiter !== undefined && existing.waiters.includes(waiter)) return false;
  return existing.request?.id !== request.id || request.retry > existing.request.retry;
}

/** A task as it is accepted, with nothing done: queued, or waiting for the next batch. */
export function newTask(id: TaskId, from: Omit<Submission, 'idempotencyKey'>): Task {
  return {
    id,
    tenant: from.tenant,
    agent: from.agent,
    agentVersion: from.agentVersion,
    priority: from.priority,
    ...(from.runId === undefined ? {} : { runId: from.runId }),
    ...(from.sessionId === undefined ? {} : { sessionId: from.sessionId }),
    request: { ...from.request },
    input: from.input,
    ...(from.inputAt === undefined ? {} : { inputAt: from.inputAt }),
    ...(from.system === undefined ? {} : { system: from.system }),
    ...(from.callback === undefined ? {} : { callback: from.callback }),
    ...(from.metadata === undefined ? {} : { metadata: from.metadata }),
    budget: from.budget,
    createdAt: from.createdAt,
    deadline: from.deadline,
    version: 1,
    epoch: 0,
    attempts: 0,
    crashes: 0,
    steps: [],
    reservation: null,
    spend: NO_SPEND,
    waiters: from.waiter === undefined ? [] : [from.waiter],
    state:
      from.priority === 'economy'
        ? { status: 'parked', cause: 'batch', until: from.createdAt }
        : { status: 'queued', since: from.createdAt },
  };
}
