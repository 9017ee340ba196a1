import type { CallbackMessage } from '../callbacks/event.ts';

/** A callback that waits for its next attempt. */
export interface ParkedCallback {
  readonly callback: CallbackMessage;
  /** Attempts made so far. */
  readonly attempts: number;
  /** How often its receiver was down and was left alone, which is no attempt. Absent: never. */
  readonly leftAlone?: number | undefined;
  /** When the next attempt is due, in milliseconds. */
  readonly dueAt: number;
}

/** What names a parked callback. */
export type DueCallback = Pick<CallbackMessage, 'taskId' | 'tenant'>;

/** Callbacks that wait for longer than a queue should hide them. */
export interface CallbackStore {
  /** Keeps the callback until it is due. Parking the callback of the same task again replaces it. */
  park(parked: ParkedCallback): Promise<void>;
  /** Callbacks that are due, the longest overdue first. Eventually consistent. */
  due(now: number): AsyncIterable<DueCallback>;
  /** The newest state, strongly consistent. */
  get(due: DueCallback): Promise<ParkedCallback | null>;
  /** Removes a callback, unless it was parked again for another time. */
  remove(parked: ParkedCallback): Promise<void>;
}
