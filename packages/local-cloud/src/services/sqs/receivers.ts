import type { Message } from './message.ts';

export interface ReceiveRequest {
  readonly maxMessages: number;
  readonly waitSeconds: number;
  readonly visibilitySeconds: number;
  /** Recorded with the messages, so that they can be released if this receiver dies. @default none */
  readonly receiver?: string | undefined;
}

interface Receiver {
  readonly request: ReceiveRequest;
  deliver(messages: readonly Message[]): void;
}

/**
 * The long polls that wait on one queue, served in order. They are woken once, at the end of the turn in which messages
 * became visible, so that a batch of ten reaches one receiver as ten messages.
 */
export class Receivers {
  readonly #waiting = new Set<Receiver>();
  readonly #take: (request: ReceiveRequest) => readonly Message[];
  #woken = false;

  constructor(take: (request: ReceiveRequest) => readonly Message[]) {
    this.#take = take;
  }

  /** Resolves with messages, or with none on timeout, on abort or when the queue closes. */
  wait(request: ReceiveRequest, signal?: AbortSignal): Promise<readonly Message[]> {
    if (signal?.aborted === true) return Promise.resolve([]);
    return new Promise((resolve) => {
      const timer = setTimeout(() => receiver.deliver([]), request.waitSeconds * 1000);
      const aborted = (): void => receiver.deliver([]);
      const receiver: Receiver = {
        request,
        deliver: (messages) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', aborted);
          this.#waiting.delete(receiver);
          resolve(messages);
        },
      };
      signal?.addEventListener('abort', aborted, { once: true });
      this.#waiting.add(receiver);
    });
  }

  wake(): void {
    if (this.#woken || this.#waiting.size === 0) return;
    this.#woken = true;
    queueMicrotask(() => {
      this.#woken = false;
      for (const receiver of this.#waiting) {
        const messages = this.#take(receiver.request);
        if (messages.length === 0) return;
        receiver.deliver(messages);
      }
    });
  }

  close(): void {
    for (const receiver of this.#waiting) receiver.deliver([]);
  }
}
