import type { CallbackMessage } from '../callbacks/event.ts';
import type { TaskId } from '../tasks/task.ts';

/** A callback that waits for its next attempt. */
export interface ParkedCallback {
  readonly callback: CallbackMessage;
  /** Attempts made so far. */
  readonly attempts: number;
  /** When the next attempt is due, in milliseconds. */
  readonly dueAt: number;
}

/** Callbacks that wait for longer than a queue should hide them. */
export interface CallbackStore {
  /** Keeps the callback until it is due. Parking the callback of the same task again replaces it. */
  park(parked: ParkedCallback): Promise<void>;
  /** Tasks whose callbacks are due, the longest overdue first. Eventually consistent. */
  due(now: number): AsyncIterable<TaskId>;
  /** The newest state, strongly consistent. */
  get(id: TaskId): Promise<ParkedCallback | null>;
  /** Removes a callback, unless it was parked again for another time. */
  remove(parked: ParkedCallback): Promise<void>;
}
