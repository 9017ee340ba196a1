import type { CallbackMessage } from '../callbacks/event.ts';

/** The queue of callbacks that are to be delivered. */
export interface CallbackQueue {
  /** At least once: the same task may be sent again, and its receiver deduplicates by the `webhook-id`. */
  send(callback: CallbackMessage): Promise<void>;
}
