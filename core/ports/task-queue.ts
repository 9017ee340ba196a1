import type { Priority, TaskId } from '../tasks/task.ts';

/** The pools' queues. A message holds only the id: what it means is read from the store. */
export interface TaskQueue {
  /** Whether the queues of this agent's pool can be sent to from here; not, where there is no such pool (yet, or any more). */
  serves(agent: string): Promise<boolean>;
  /**
   * Makes a task known to the workers, after `delayMs` (at most 900,000, rounded up to whole seconds). Tenants take
   * turns: one with a long backlog delays another's task by seconds, and not by its backlog.
   */
  send(
    task: { readonly id: TaskId; readonly agent: string; readonly priority: Priority; readonly tenant: string },
    delayMs?: number,
  ): Promise<void>;
}

/** One received message, held by the worker that works on it. */
export interface ReceivedMessage {
  /** Hides the message for so long from now, so that it comes back soon after its worker dies. */
  extend(ms: number): Promise<void>;
}
