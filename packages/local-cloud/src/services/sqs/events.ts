import type { Message } from './message.ts';

/** The events of a message's life. `visible`: a delay or a visibility timeout has ended. */
export type SqsEventType = 'sent' | 'visible' | 'received' | 'deleted' | 'dead-lettered' | 'moved' | 'expired';

export interface SqsEvent {
  readonly type: SqsEventType;
  /** The queue of the event. For `dead-lettered` and `moved`, the queue that now has the message. */
  readonly queueName: string;
  readonly messageId: string;
  readonly body: string;
}

export type SqsListener = (event: SqsEvent) => void;

/** Notifies listeners in the same process of message events, so that nothing has to poll. */
export class SqsEvents {
  readonly #listeners = new Set<SqsListener>();

  /** Calls the listener synchronously for each event until the returned function is called. */
  on(listener: SqsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the next matching event. Rejects with the signal's reason when it aborts. */
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
