import type { Pool } from '../pools/pool.ts';
import type { Step } from '../tasks/step.ts';

/**
 * What ends the wait of a task: its time comes · a worker is free · other tasks end · a person acts · a batch returns · a
 * deploy brings what it needs.
 */
export const FREED_BY = ['time', 'worker', 'task', 'person', 'batch', 'deploy'] as const;
export type FreedBy = (typeof FREED_BY)[number];

/** Why a task is where it is. Times are milliseconds since the epoch. */
export interface Why {
  /** Why it waits, or how far it is. */
  readonly cause?: string | undefined;
  /** Since when. Absent if it is not known. */
  readonly since?: number | undefined;
  /** When it goes on at the latest, if nothing else prevents it. Absent if nobody knows. */
  readonly until?: number | undefined;
  readonly freedBy?: FreedBy | undefined;
  /** Tasks that are before it in its queue, its session or the line of its tenant. */
  readonly ahead?: number | undefined;
  /** Whether more than `ahead` may be before it. */
  readonly aheadAtLeast?: true | undefined;
  /** In words, for a person. Never contains a prompt, a document or an output. */
  readonly says: string;
  /** What a person can do next, most useful first. */
  readonly commands: readonly string[];
}

/** How many of a pool's tasks are where. */
export interface PoolTasks {
  readonly running: number;
  /** Queued tasks of the same queue that were there before. */
  readonly ahead: number;
  /** False if the pool has more tasks than were counted. */
  readonly complete: boolean;
}

/** What surrounds a task and is needed to explain it. What its state does not need is absent. */
export interface Around {
  readonly now: number;
  readonly pool: Pool;
  /** What holds all pools, and single tenants. @default nothing */
  readonly fleet?: Pool | undefined;
  /** Of a queued task, and of one that a worker will take up at once. */
  readonly tasks?: PoolTasks | undefined;
  /** Of a running task: its steps that count. */
  readonly steps?: readonly Step[] | undefined;
  /** Tasks of the session before this one, in order. */
  readonly before?: readonly string[] | undefined;
  /** The tasks of the tenant that are before this one in the line for a permit. */
  readonly inLine?: { readonly ahead: number; readonly complete: boolean } | undefined;
  /** Of a task that waits for tasks that it delegated. */
  readonly children?: Children | undefined;
}

export interface Children {
  readonly all: number;
  readonly ended: number;
  readonly succeeded: number;
  /** The first one that has not ended. */
  readonly open?: string | undefined;
}
