import type { SessionPolicy } from '../sessions/session.ts';
import type { TaskId } from '../tasks/task-id.ts';
import type { Priority } from '../tasks/task.ts';

/** What a message is made of. */
export interface MessageTask {
  readonly id: TaskId;
  readonly agent: string;
  readonly priority: Priority;
  readonly tenant: string;
  /** The policy of the session that the task opened. @default it opened none, as far as is known */
  readonly opensSession?: SessionPolicy | undefined;
}

/** The pools' queues. A message has only the task's id and whether it opened its session. The rest is read from the store. */
export interface TaskQueue {
  /** Whether the queues of this agent's pool can be reached from here. False when the pool does not exist (yet, or any more). */
  serves(agent: string): Promise<boolean>;
  /**
   * Sends a task to the workers after `delayMs` (at most 900,000, rounded up to whole seconds). Tenants take
   * turns: a tenant with a long backlog delays another's task by seconds only.
   */
  send(task: MessageTask, delayMs?: number): Promise<void>;
}

/** One received message, held by the worker that works on it. */
export interface ReceivedMessage {
  /**
   * Hides the message for `ms` from now, so that it reappears soon after its worker dies.
   * @param withinMs how long this may wait for other messages of the invocation, to share a request with them @default 0
   */
  extend(ms: number, withinMs?: number): Promise<void>;
}
