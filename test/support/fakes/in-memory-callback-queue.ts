import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { CallbackQueue } from '#core/ports/callback-queue.ts';

export interface InMemoryCallbackQueue extends CallbackQueue {
  /** Every callback that was sent, in order. */
  readonly sent: readonly CallbackMessage[];
}

/** Callbacks in memory: delivers nothing, drops no duplicates. */
export function inMemoryCallbackQueue(): InMemoryCallbackQueue {
  const sent: CallbackMessage[] = [];
  return {
    sent,
    async send(callback) {
      sent.push(structuredClone(callback));
    },
  };
}
