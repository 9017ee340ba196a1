import type { ParkCause, Task } from '../tasks/task.ts';

/** How long a task must wait before its next call, and for what. */
export interface Wait {
  readonly cause: ParkCause;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** One sentence for a person. */
  readonly reason: string;
  /** The time that its next call was given. */
  readonly slot?: Task['slot'];
}

/** Thrown before a call that may not be made yet: nothing failed, so the task is parked and no attempt is spent (I5). */
export class MustWait extends Error {
  readonly wait: Wait;

  constructor(wait: Wait) {
    super(wait.reason);
    this.name = 'MustWait';
    this.wait = wait;
  }
}
