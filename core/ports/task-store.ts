import type { Step } from '../tasks/step.ts';
import type { TaskId } from '../tasks/task-id.ts';
import type { Task } from '../tasks/task.ts';

/** A task that ended, as a run's progress shows it. */
export interface FinishedTask {
  readonly id: TaskId;
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'escalated';
  readonly finishedAt: number;
  readonly usd: number;
  readonly tokens: number;
}

/**
 * An entry of a tenant's list, at the time at which the task was accepted. In a global fleet, a task that was accepted again
 * after a takeover has a stale entry too, with another `createdAt` than the task that is stored. Whoever shows entries in
 * their order leaves it out.
 */
export interface ListedTask {
  readonly id: TaskId;
  /** In milliseconds. */
  readonly createdAt: number;
}

/** Which tasks of a tenant are listed. */
export interface TaskListing {
  readonly tenant: string;
  readonly agent?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly runId?: string | undefined;
  /** Accepted at or after this time, in milliseconds. */
  readonly from?: number | undefined;
  /** Accepted before this time. */
  readonly to?: number | undefined;
  /** Goes on after this entry: the last of the page before. */
  readonly after?: ListedTask | undefined;
}

/**
 * The shared state of tasks. Every write is one conditional write of one item; a rule is decided by the pure
 * transitions in `core/tasks`, and the condition (version unchanged) makes that decision safe under many writers.
 */
export interface TaskStore {
  /** Puts the task if its id is free. Otherwise returns the stored one. */
  create(task: Task): Promise<{ readonly created: boolean; readonly task: Task }>;
  /** The newest state, strongly consistent. Throws `UnreadableRecord`. */
  get(id: TaskId): Promise<Task | null>;
  /** Returns several tasks. Missing ones are left out, and those that this release cannot read, which `onUnreadable` receives. */
  getMany(ids: readonly TaskId[], onUnreadable?: (id: TaskId) => void): Promise<readonly Task[]>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  replace(next: Task): Promise<'replaced' | 'conflict'>;
  /** Writes a step once; the same task, index and epoch again changes nothing. */
  putStep(step: Step): Promise<void>;
  /**
   * All steps ever written for a task, including those of dead epochs that never counted. Throws `UnreadableRecord` for a
   * step that this release cannot read, unless such steps are to be skipped.
   */
  steps(id: TaskId, unreadable?: 'skip'): Promise<readonly Step[]>;
  /** Tasks whose `attention` time has passed, for the sweeper. */
  overdue(now: number): AsyncIterable<TaskId>;
  /** An agent's tasks that have not ended, and some that have just ended. Eventually consistent. */
  unfinished(agent: string): AsyncIterable<TaskId>;
  /** An agent's tasks that wait for the next batch, earliest deadline first. Eventually consistent. */
  waitingForBatch(agent: string): AsyncIterable<TaskId>;
  /** Tasks of a run that ended after `since` (milliseconds), oldest first. Eventually consistent. */
  finishedInRun(runId: string, since: number): AsyncIterable<FinishedTask>;
  /**
   * An agent's dead letters, newest first: tasks that failed because their workers crashed or their messages were
   * dead-lettered. Eventually consistent.
   * @param before only those that ended before this time, in milliseconds. @default all
   */
  deadLetters(agent: string, before?: number): AsyncIterable<TaskId>;
  /** Tasks of a tenant, newest first. Eventually consistent. */
  list(listing: TaskListing): AsyncIterable<ListedTask>;
}
