import type { TaskId } from '../tasks/task-id.ts';
import type { Permits } from '../tenants/permits.ts';

/** A task that waits for a permit, in order of acceptance. */
export interface Waiting {
  readonly taskId: TaskId;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Epoch of the claim that was parked without a permit. */
  readonly epoch: number;
}

/** The permits of tenants, and the tasks that wait for one. */
export interface PermitStore {
  /** The newest state, strongly consistent. */
  get(tenant: string): Promise<Permits | null>;
  /** Writes `next` if the stored version is still `next.version - 1`; version 1 only if none is stored. */
  write(next: Permits): Promise<'written' | 'conflict'>;
  /** Puts a task in the line. Repeating it does not move the task. */
  line(tenant: string, waiting: Waiting): Promise<void>;
  /** The first in the line, oldest first, strongly consistent. */
  first(tenant: string, count: number): Promise<readonly Waiting[]>;
  /**
   * Removes a task from the line, unless a later claim has put it there again: the task may be faster than the worker
   * that woke it. A task that is not in the line is not an error.
   */
  unline(tenant: string, waiting: Waiting): Promise<void>;
}
