import type { Message } from './message.ts';

/** What can happen to a message, in the order of a life; `visible` is the end of a delay or of a visibility timeout. */
export type SqsEventType = 'sent' | 'visible' | 'received' | 'deleted' | 'dead-lettered' | 'moved' | 'expired';

export interface SqsEvent {
  readonly type: SqsEventType;
  /** The queue it happened in; for `dead-lettered` and `moved` the queue the message is in now. */
  readonly queueName: string;
  readonly messageId: string;
  readonly body: string;
}

export type SqsListener = (event: SqsEvent) => void;

/** Tells listeners of the same process what happens, so that nobody has to sleep and look again. */
export class SqsEvents {
  readonly #listeners = new Set<SqsListener>();

  /** Calls the listener at each event, synchronously, until the returned function is called. */
  on(listener: SqsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the first event from now on that matches; rejects with the signal's reason when it aborts. */
  next(matches: (event: SqsEvent) => boolean, signal?: AbortSignal): Promise<SqsEvent> {
    return new Promise((resolve, reject) => {
      const stop = this.on((event) => {
        if (!matches(event)) return;
        stop();
        signal?.removeEventListener('abort', aborted);
        resolve(event);
      });
      const aborted = (): void => {
        stop();
        reject(signal?.reason as Error);
      };
      if (signal?.aborted === true) aborted();
      else signal?.addEventListener('abort', aborted, { once: true });
    });
  }

  emit(type: SqsEventType, queueName: string, message: Message): void {
    if (this.#listeners.size === 0) return;
    const event: SqsEvent = { type, queueName, messageId: message.id, body: message.content.body };
    for (const listener of this.#listeners) listener(event);
  }
}
