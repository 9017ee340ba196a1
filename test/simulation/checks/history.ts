import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { AuditEntry } from '#core/ports/audit-trail.ts';
import type { TaskOutcome } from '#core/ports/notifier.ts';
import type { Usage } from '#core/models/price.ts';
import type { Step } from '#core/tasks/step.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task, TaskState } from '#core/tasks/task.ts';
import type { Actor } from '../world/actor.ts';
import type { Plan } from '../world/plan.ts';

/** A call that was reserved: what it takes to judge whether it may be repeated. */
export interface Begun {
  readonly actor: Actor;
  /** What had gone wrong with the actor's machine before. */
  readonly faults: number;
  /** The call failed: another try is in order. */
  failed: boolean;
}

/** What really happened to a task, as seen from outside: the judge's own books. */
export interface History {
  readonly id: TaskId;
  /** Short name in traces. */
  readonly alias: string;
  /** The task as it is stored. */
  task: Task;
  readonly steps: Map<string, Step>;
  /** Who made each claim. */
  readonly claims: Map<number, Actor>;
  /** When whoever claimed it last had read it first, in simulated milliseconds: what it knew of the gate is no older. */
  claimedAt: number;
  /** The last claim that began a step. */
  begunEpoch: number;
  /** The last call begun, of each step. */
  readonly begun: Map<number, Begun>;
  /** A finished step that the newest claim found uncommitted. */
  toAdopt: number | null;
  /** What the provider billed for it, lost answers included. */
  billed: { tokens: number; usd: number };
  /** What each answer really cost, by request id. */
  readonly ledger: Map<string, { readonly usage: Usage; readonly usd: number }>;
  /** Failures that are no throttling, shown to those who worked on it: since its last step counted, and ever. */
  failures: number;
  everFailed: number;
  cancelAsked: boolean;
  /** Observation at which it last was at rest: parked, or ended with everybody told. */
  restedAt: number;
  /** The version with which it was parked to wait for children all of which had been told. */
  parkedInVain: number | null;
  /** Who parked it last. */
  parkedBy: Actor | null;
  /** The latest time that its clock had shown by then. */
  parkedAt: number;
  /** Observation at which it was written last. */
  writtenAt: number;
  /** When healthy sweepers sent its message anew, since anybody else wrote it. Simulated milliseconds. */
  resent: readonly { readonly at: number; readonly by: Actor }[];
  /** The steps in which it delegated, each with the epoch that began it. */
  readonly delegated: Set<string>;
  readonly audit: Map<string, AuditEntry>;
  /** Hashes of the entries that its writes announced. */
  readonly announced: Set<string>;
  /** What its receiver is to be told, as it was sent first. */
  callback: CallbackMessage | null;
  /** Inputs of the tools that ran, by idempotency key. */
  readonly toolInputs: Map<string, string>;
}

export function newHistory(task: Task, alias: string): History {
  return {
    id: task.id,
    alias,
    task,
    steps: new Map(),
    claims: new Map(),
    begun: new Map(),
    claimedAt: 0,
    begunEpoch: 0,
    toAdopt: null,
    billed: { tokens: 0, usd: 0 },
    ledger: new Map(),
    failures: 0,
    everFailed: 0,
    cancelAsked: false,
    restedAt: -1,
    parkedInVain: null,
    parkedBy: null,
    parkedAt: 0,
    writtenAt: -1,
    resent: [],
    delegated: new Set(),
    audit: new Map(),
    announced: new Set(),
    callback: null,
    toolInputs: new Map(),
  };
}

/** One write of a task, judged when it took effect. */
export interface TaskWrite {
  readonly plan: Plan;
  readonly history: History;
  readonly before: Task;
  readonly after: Task;
  readonly by: Actor;
  /** What had gone wrong with the writer's machine before it wrote. */
  readonly faults: number;
}

/** What every waiter was told, by token. */
export type Answers = ReadonlyMap<string, readonly TaskOutcome[]>;

export const isTerminal = (state: TaskState): boolean =>
  state.status === 'succeeded' ||
  state.status === 'failed' ||
  state.status === 'cancelled' ||
  state.status === 'escalated';

/** What it waits for comes by somebody, and not by time. */
export const waitsToBeFreed = ({ cause, detail }: { readonly cause: string; readonly detail?: string | undefined }) =>
  detail === 'delegated' || ['session', 'tenant-cap', 'paused', 'batch'].includes(cause);

/** Nothing has to happen by a message that is under way: it is parked, or it ended and everybody was told. */
export const isAtRest = ({ state }: Task): boolean =>
  state.status === 'parked' || (isTerminal(state) && 'notified' in state && state.notified);

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether the write was made by the holder of the newest claim. */
export const isHolder = ({ history, before, by }: TaskWrite): boolean =>
  before.state.status === 'running' && history.claims.get(before.epoch) === by;

/** Whoever collects tasks into batches and settles them: no claim is theirs. */
export const worksOnBatches = ({ by }: Pick<TaskWrite, 'by'>): boolean =>
  by.role === 'collector' || by.role === 'settler';

/** The task and the step that an idempotency key or a step's id names. */
export function placeOf(place: string): { readonly id: TaskId; readonly index: number } {
  const at = place.lastIndexOf('/');
  return { id: place.slice(0, at) as TaskId, index: Number(place.slice(at + 1)) };
}
