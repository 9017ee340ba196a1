import { DueHeap } from './due-heap.ts';
import { FairQueue } from './fair-queue.ts';
import type { Message } from './message.ts';

/** Notifications about messages that become visible. */
export interface LocationsHost {
  now(): number;
  /** A message can now be received. */
  ready(): void;
  /** A message became visible because its delay or visibility timeout ended. */
  due(message: Message): void;
}

/** Maximum delay of a timer. A later deadline restarts the timer when it fires. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Where each message of a queue is: ready, or hidden until a time (delayed or in flight). */
export class MessageLocations {
  readonly #host: LocationsHost;
  readonly #ready = new FairQueue<Message>();
  readonly #hidden = new DueHeap<Message>();
  #inFlight = 0;
  #timer: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined;

  constructor(host: LocationsHost) {
    this.#host = host;
  }

  get visible(): number {
    return this.#ready.size;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Stores a message according to its `visibleAt`. A hidden message that was never received is delayed, not in flight. */
  put(message: Message): void {
    if (message.visibleAt === 0) {
      message.location = 'ready';
      this.#ready.push(message);
      this.#host.ready();
      return;
    }
    message.location = message.generation === 0 ? 'delayed' : 'in-flight';
    if (message.location === 'in-flight') this.#inFlight++;
    this.#hidden.push(message);
    this.#arm();
  }

  remove(message: Message): void {
    if (message.location === 'ready') this.#ready.remove(message);
    if (message.location === 'delayed' || message.location === 'in-flight') this.#hidden.remove(message);
    if (message.location === 'in-flight') this.#inFlight--;
    message.location = 'gone';
  }

  /** Removes and returns the next ready message. The caller must store it again, or drop it, in the same turn. */
  next(): Message | undefined {
    return this.#ready.shift();
  }

  /** Makes all due messages visible. The disk keeps the old `visibleAt`, which gives the same result after a restart. */
  release(): void {
    const now = this.#host.now();
    for (let due = this.#hidden.earliest; due !== undefined && due.visibleAt <= now; due = this.#hidden.earliest) {
      this.remove(due);
      due.visibleAt = 0;
      this.#host.due(due);
      this.put(due);
    }
  }

  /** Stops the timer. */
  close(): void {
    clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
  }

  /** Keeps one timer for the earliest due message. A leftover timer may fire early; it is then set again. */
  #arm(): void {
    const at = this.#hidden.earliest?.visibleAt;
    if (at === undefined || (this.#timer !== undefined && this.#timer.at <= at)) return;
    clearTimeout(this.#timer?.handle);
    const delay = Math.min(Math.max(at - this.#host.now(), 0) + 1, MAX_TIMER_MS);
    const handle = setTimeout(() => {
      this.#timer = undefined;
      this.release();
      this.#arm();
    }, delay);
    handle.unref();
    this.#timer = { at, handle };
  }
}
