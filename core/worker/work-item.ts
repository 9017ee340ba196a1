import type { ReceivedMessage } from '../ports/task-queue.ts';
import type { Worker } from '../tasks/task.ts';
import type { WorkMessage } from '../tasks/work-message.ts';

/** One received message and the time the invocation has for it. */
export interface WorkItem {
  readonly message: WorkMessage;
  readonly received: ReceivedMessage;
  /** Milliseconds the invocation has left. */
  timeLeftMs(): number;
  /** Whether this is the first delivery of the message. @default it may be a later one */
  readonly isFirst?: boolean | undefined;
  /** The worker, shown to people. @default unknown */
  readonly worker?: Worker | undefined;
}

/** What happens to the message: it is deleted, or kept and comes back after its visibility timeout. */
export type Disposal = 'delete' | 'keep';
