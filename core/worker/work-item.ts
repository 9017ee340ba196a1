import type { ReceivedMessage } from '../ports/task-queue.ts';
import type { Worker } from '../tasks/task.ts';
import type { WorkMessage } from '../tasks/work-message.ts';

/** One received message and the time the invocation has for it. */
export interface WorkItem {
  readonly message: WorkMessage;
  readonly received: ReceivedMessage;
  /** Milliseconds the invocation has left. */
  timeLeftMs(): number;
  /** Who works on it, for people. @default unknown */
  readonly worker?: Worker | undefined;
}

/** What becomes of the message: deleted, or left to come back when its visibility runs out. */
export type Disposal = 'delete' | 'keep';
