import { z } from 'zod';
import { auditHeadSchema } from '../audit/entry.ts';
import { budgetSchema, reservationSchema, spendSchema } from '../budgets/budget.ts';
import { dayCounterSchema } from '../budgets/day-budget.ts';
import { failureSchema } from '../failures/failure.ts';
import { turnSchema } from '../sessions/turn.ts';
import { stored, storedRecord } from '../stored/record.ts';
import { delegationSchema, parentSchema } from './delegation.ts';
import { isFreed, parkCause, parkDetail } from './park-cause.ts';
import { taskIdSchema } from './task-id.ts';

/** `economy`: its model calls go through batches, which return within a day at a fraction of the price. */
export const prioritySchema = z.enum(['high', 'default', 'economy']);
export type Priority = z.infer<typeof prioritySchema>;

/** The queues of a pool. */
export const QUEUES = ['high', 'default'] as const;
export type QueueName = (typeof QUEUES)[number];

/** The queue for a task's messages. An economy task uses the default queue once its batch has returned an answer. */
export const queueOf = (priority: Priority): QueueName => (priority === 'high' ? 'high' : 'default');

/** The worker of one turn, so that an operator can find its log and trace. */
const workerSchema = stored({
  /** The log stream that it writes. */
  name: z.string(),
  /** The turn's X-Ray trace, such as `1-67891233-abcdef012345678912345678`. */
  trace: z.string().optional(),
});
export type Worker = z.infer<typeof workerSchema>;

const finished = { finishedAt: z.number(), notified: z.boolean() };

/** Where a task stands. Times are milliseconds since the epoch. */
export const stateSchema = z.discriminatedUnion('status', [
  stored({
    status: z.literal('queued'),
    since: z.number(),
    /** How often its message was sent again while no worker claimed it. */
    resends: z.number().int().nonnegative().optional(),
    /** What it waited for before it was queued again: for its trace. */
    waited: stored({ cause: z.string(), since: z.number(), until: z.number() }).optional(),
  }),
  stored({
    status: z.literal('running'),
    holder: z.string(),
    /** When it was claimed. Absent on tasks of release 0.2. */
    since: z.number().optional(),
    leaseUntil: z.number(),
    cancelRequested: z.boolean(),
    /** When its message was last sent again after the lease ran out, and how often. */
    resent: stored({ at: z.number(), times: z.number().int().positive() }).optional(),
  }),
  stored({
    status: z.literal('parked'),
    cause: parkCause,
    /** A cause that older releases cannot parse. */
    detail: parkDetail.optional(),
    /** When it is due. For a task that waits to be freed: since when it has waited. */
    until: z.number(),
    /** Since when it waits. Absent on tasks of release 0.2. */
    since: z.number().optional(),
    /** How often it has been checked since and left waiting. */
    looks: z.number().int().nonnegative().optional(),
  }),
  stored({
    status: z.literal('succeeded'),
    output: z.unknown(),
    warnings: z.array(z.string()),
    /** How it reads in its session. */
    turn: turnSchema.optional(),
    ...finished,
  }),
  stored({ status: z.literal('failed'), failure: stored(failureSchema.shape), ...finished }),
  stored({ status: z.literal('cancelled'), ...finished }),
  stored({
    status: z.literal('escalated'),
    /** Why, without quoting the customer. */
    reason: z.string(),
    /** For the person who takes it over. */
    summary: z.string().optional(),
    /** The agent's answer, where it had one. */
    output: z.unknown().optional(),
    /** How it reads in its session. */
    turn: turnSchema.optional(),
    ...finished,
  }),
]);
export type TaskState = z.infer<typeof stateSchema>;
export type RunningState = Extract<TaskState, { status: 'running' }>;
export type ParkedState = Extract<TaskState, { status: 'parked' }>;
export type TerminalState = Extract<TaskState, { finishedAt: number }>;

/** Fields that the client sets and the task keeps as they are. They are optional, since stored tasks may lack them. */
const clientFields = {
  /** The conversation it belongs to. */
  sessionId: z.string().optional(),
  /** Replaces the agent's own system prompt. */
  system: z.string().optional(),
  /** The URL that is notified of the end, with a signed POST. */
  callback: stored({ url: z.string() }).optional(),
  /** What its acceptance survives in a global fleet. Absent: `region`. */
  durability: z.enum(['region', 'global']).optional(),
  /** The client's own data about the task: stored and returned, never read. */
  metadata: z.record(z.string(), z.string()).optional(),
};
export type ClientFields = z.infer<z.ZodObject<typeof clientFields>>;

/** Returns those fields of `from` that the client sets and the task keeps. */
export function clientFieldsOf(from: ClientFields): ClientFields {
  const names = Object.keys(clientFields) as readonly (keyof ClientFields)[];
  return Object.fromEntries(names.map((name) => [name, from[name]]).filter(([, value]) => value !== undefined));
}

/** One unit of work for one agent: a single item of the state table. */
export const taskSchema = storedRecord({
  id: taskIdSchema,
  tenant: z.string(),
  agent: z.string(),
  agentVersion: z.string(),
  priority: prioritySchema,
  /** The run that created it, or that took it over when that one was cancelled. */
  runId: z.string().optional(),
  /** Further runs that wait for it, since they have a document with the same bytes. */
  otherRuns: z.array(z.string()).optional(),
  /** The failed or cancelled task that this one starts again. */
  retryOf: taskIdSchema.optional(),
  /** The task that delegated this one. */
  parent: parentSchema.optional(),
  /** Which request made this task, so that a later one may try a failed task again. */
  request: stored({ id: z.string(), retry: z.number().int().nonnegative() }).optional(),
  input: z.unknown(),
  /** Where the input lies, as JSON, when it was too large for the task itself. */
  inputAt: stored({ bucket: z.string(), key: z.string() }).optional(),
  ...clientFields,
  budget: stored(budgetSchema.shape),
  createdAt: z.number(),
  /** The W3C trace context that it was accepted with: what its spans are part of. Absent on tasks of release 0.2. */
  traceparent: z.string().optional(),
  /** The task fails when it has not ended by then. */
  deadline: z.number(),
  /** Counts writes: each one is conditional on the version it was decided from. */
  version: z.number().int().positive(),
  /** Counts claims: the fencing token of I2. */
  epoch: z.number().int().nonnegative(),
  /** Transient failures of the step that comes next. */
  attempts: z.number().int().nonnegative(),
  /** Leases that ran out under a worker. */
  crashes: z.number().int().nonnegative(),
  /** The worker that claimed it last. */
  worker: workerSchema.optional(),
  /** What went wrong last: a transient failure, an error of the worker, or its death. */
  lastError: stored({ reason: z.string(), at: z.number(), worker: workerSchema.optional() }).optional(),
  /** The epoch under which each finished step was written: position is the step's index. */
  steps: z.array(z.number().int().positive()),
  /**
   * The step that it ended with, where that was written with the end and not by itself. Parsed only by who shows it, so that
   * a step which only another release can read keeps nobody from the task.
   */
  lastStep: z.unknown().optional(),
  /** The slot that the governor assigned to its next model call while it was parked. */
  slot: stored({ model: z.string(), at: z.number() }).optional(),
  reservation: reservationSchema.nullable(),
  /** The batch of its reserved call, since when, and the day budgets that also hold the reservation. */
  batch: stored({ id: z.string(), since: z.number(), held: z.array(stored(dayCounterSchema.shape)) }).optional(),
  spend: spendSchema,
  /** The delegate step under way. It stays on a task that ended before its children had. */
  delegation: delegationSchema.optional(),
  /** All tasks that it delegated, in order. */
  children: z.array(taskIdSchema).optional(),
  /** The end of its audit chain. Absent before its first tool call. */
  audit: auditHeadSchema.optional(),
  /** The model that answered last, as the provider names it. */
  model: z.string().optional(),
  /** Task tokens of state machines that wait for the end. */
  waiters: z.array(z.string()),
  state: stateSchema,
});
export type Task = z.infer<typeof taskSchema>;

/** Whether no worker could finish the task. It is kept for an operator to inspect and can be redriven. */
export const isDeadLetter = ({ state }: Pick<Task, 'state'>): boolean =>
  state.status === 'failed' && state.failure.kind === 'crashed';

export function isTerminal(state: TaskState): state is TerminalState {
  return 'finishedAt' in state;
}

/** Whether a task waits for the next batch. The collector picks the earliest deadline first. */
export const waitsForBatch = ({ state, batch }: Pick<Task, 'state' | 'batch'>): boolean =>
  state.status === 'parked' && state.cause === 'batch' && batch === undefined;

const QUEUED_GRACE_MS = 90_000;
/** 90 seconds doubled six times is about an hour and a half. A lease's 30 seconds become about half an hour. */
const MAX_DOUBLINGS = 6;
/** A task that waits to be freed is checked at least every eight minutes. */
const MAX_LOOK_DOUBLINGS = 3;
const LEASE_GRACE_MS = 30_000;
const PARKED_GRACE_MS = 60_000;
const NOTIFY_GRACE_MS = 60_000;
/** The longest interval between checks of a task that waits to be freed. */
export const MAX_LOOK_MS = PARKED_GRACE_MS * 2 ** MAX_LOOK_DOUBLINGS;
/** Most batches end within an hour. The collector watches the batch itself. */
const BATCH_GRACE_MS = 600_000;

/**
 * When the sweeper checks the task if nothing happens before: its message may be lost, its worker dead or its waiters
 * not notified. The grace periods give normal processing time to finish first, and still requeue a lost task within
 * two minutes.
 *
 * A message that was sent again and is still unclaimed is probably not lost: its task waits behind others, and more
 * messages would lengthen the queue. So the grace period doubles each time. It also doubles for a task that waits to be
 * freed, which is sent when it is freed. The collector finds a task that waits for the next batch, and the sweeper only
 * ends it at its deadline. Null when there is nothing left to do.
 */
export function attentionAt(task: Task): number | null {
  const { state } = task;
  switch (state.status) {
    case 'queued':
      return byDeadline(task, state.since, doubled(QUEUED_GRACE_MS, state.resends));
    case 'running':
      return byDeadline(task, state.resent?.at ?? state.leaseUntil, doubled(LEASE_GRACE_MS, state.resent?.times));
    case 'parked': {
      if (!isFreed(state)) return state.until + PARKED_GRACE_MS;
      if (waitsForBatch(task)) return task.deadline;
      const grace = state.cause === 'batch' ? BATCH_GRACE_MS : PARKED_GRACE_MS;
      const look = state.until + doubled(grace, Math.min(state.looks ?? 0, MAX_LOOK_DOUBLINGS));
      return Math.min(task.deadline, concludesAt(task), look);
    }
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'escalated':
      return state.notified ? null : state.finishedAt + NOTIFY_GRACE_MS;
  }
}

/** When a task that waits for its children goes on at the latest. One that waits for anything else is not freed then. */
const concludesAt = ({ state, delegation }: Task): number =>
  state.status === 'parked' && state.detail === 'delegated' ? (delegation?.until ?? Infinity) : Infinity;

/** A grace period that ends with the deadline, so that a task that waits long does not outlive it. */
const byDeadline = ({ deadline }: Task, from: number, graceMs: number): number =>
  Math.min(from + graceMs, Math.max(deadline, from));

const doubled = (graceMs: number, times = 0): number => graceMs * 2 ** Math.min(times, MAX_DOUBLINGS);
