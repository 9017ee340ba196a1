import { NO_SPEND, type Budget } from '../budgets/budget.ts';
import type { Ids } from '../ports/ids.ts';
import type { TaskStore } from '../ports/task-store.ts';
import { homeOfSubmission, taskIdAt, type Homes } from '../regions/home.ts';
import { childTaskId, contentTaskId, keyedTaskId, newTaskId, type TaskId } from './task-id.ts';
import type { Tracer } from '../ports/tracer.ts';
import { newTraceparent } from '../tracing/span-ids.ts';
import { formatTraceparent } from '../tracing/traceparent.ts';
import { clientFieldsOf, type ClientFields, type Priority, type Task } from './task.ts';

/** What a task is created from. */
export interface Submission extends Readonly<ClientFields> {
  readonly tenant: string;
  readonly agent: string;
  readonly agentVersion: string;
  /** Equal keys are the same task (I10). @default none: the task is like no other */
  readonly idempotencyKey?: string | undefined;
  /**
   * Where keys are compared.
   * - `tenant`: equal keys of a tenant are one task, however it ended.
   * - `content`: equal keys of a tenant, an agent and its version are one task. After it failed, a later request starts
   *   a new one. For documents the key is the digest of their bytes.
   * @default content
   */
  readonly keyScope?: 'tenant' | 'content' | undefined;
  readonly priority: Priority;
  readonly input: unknown;
  readonly budget: Budget;
  readonly createdAt: number;
  readonly deadline: number;
  readonly runId?: string | undefined;
  /** The failed or cancelled task that this one starts again. */
  readonly retryOf?: TaskId | undefined;
  readonly inputAt?: Task['inputAt'];
  /** The task that delegates this one. It decides the id. */
  readonly parent?: Task['parent'];
  /**
   * The request. Under a `tenant` key, another request is rejected. Under a `content` key, a task that failed for an
   * earlier request, or an earlier retry of this one, is tried again.
   */
  readonly request: { readonly id: string; readonly retry: number };
  readonly waiter?: string | undefined;
  /** The trace that the task goes on with. @default the one under way, else a new one */
  readonly traceparent?: string | undefined;
}

export interface SubmittingPorts {
  readonly store: Pick<TaskStore, 'create'>;
  readonly ids: Ids;
  /** The regions of a global fleet. @default the fleet has one */
  readonly homes?: Homes | undefined;
  /** @default traces are not sampled */
  readonly tracer?: Pick<Tracer, 'current' | 'samples'> | undefined;
}

/**
 * Puts the task if it is absent. Returns the stored task: for a `content` key, the newest generation that serves the
 * request.
 */
export async function submit(
  ports: SubmittingPorts,
  submission: Submission,
): Promise<{ readonly created: boolean; readonly task: Task }> {
  const { keyScope = 'content' } = submission;
  for (let generation = 0; ; generation += 1) {
    const id = homedId(ports, submission, taskId(ports.ids, submission, generation));
    const result = await ports.store.create(
      newTask(id, { ...submission, traceparent: traceparentOf(ports, id, submission) }),
    );
    if (result.created || submission.parent || keyScope === 'tenant' || !mayTryAgain(result.task, submission))
      return result;
  }
}

/** The id with its home in front. A delegated task has its parent's. */
const homedId = ({ homes }: SubmittingPorts, submission: Submission, id: TaskId): TaskId =>
  homes && !submission.parent ? taskIdAt(homeOfSubmission(homes, submission), id, homes.names) : id;

function taskId(ids: Ids, submission: Submission, generation: number): TaskId {
  const { tenant, agent, agentVersion, idempotencyKey: key, keyScope = 'content', parent } = submission;
  if (parent) return childTaskId(ids, agent, parent);
  if (key === undefined) return newTaskId(ids);
  if (keyScope === 'tenant') return keyedTaskId(ids, tenant, key);
  return contentTaskId(ids, { tenant, agent, agentVersion, key }, generation);
}

function traceparentOf({ ids, tracer }: SubmittingPorts, id: TaskId, { traceparent, createdAt }: Submission): string {
  if (traceparent !== undefined) return traceparent;
  const under = tracer?.current();
  return under ? formatTraceparent(under) : newTraceparent(ids, tracer, id, createdAt);
}

function mayTryAgain(existing: Task, { request, waiter }: Submission): boolean {
  const { status } = existing.state;
  if (status !== 'failed' && status !== 'cancelled') return false;
  // A redelivery that joined the task while it ran. Its waiter is notified of that task's end only.
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
    ...(from.retryOf === undefined ? {} : { retryOf: from.retryOf }),
    ...(from.parent === undefined ? {} : { parent: from.parent }),
    ...clientFieldsOf(from),
    request: { ...from.request },
    input: from.input,
    ...(from.inputAt === undefined ? {} : { inputAt: from.inputAt }),
    budget: from.budget,
    createdAt: from.createdAt,
    ...(from.traceparent === undefined ? {} : { traceparent: from.traceparent }),
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
