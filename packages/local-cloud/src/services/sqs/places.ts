import type { Message } from './message.ts';
import { FairReady } from './ready.ts';
import { Waiting } from './waiting.ts';

/** What happens to messages as time goes by. */
export interface PlacesHost {
  now(): number;
  /** A message can be received. */
  ready(): void;
  /** A message became visible because its time has come. */
  due(message: Message): void;
}

/** Longest delay of a timer; one that is due later is armed again when it fires. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Where the messages of a queue are: each in one place, ready, or waiting for its time, delayed or in flight. */
export class Places {
  readonly #host: PlacesHost;
  readonly #ready = new FairReady<Message>();
  readonly #waiting = new Waiting<Message>();
  #inFlight = 0;
  #timer: { readonly at: number; readonly handle: NodeJS.Timeout } | undefined;

  constructor(host: PlacesHost) {
    this.#host = host;
  }

  get visible(): number {
    return this.#ready.size;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Puts a message where its `visibleAt` says; a message never received is delayed, not in flight. */
  put(message: Message): void {
    if (message.visibleAt === 0) {
      message.place = 'ready';
      this.#ready.push(message);
      this.#host.ready();
      return;
    }
    message.place = message.generation === 0 ? 'delayed' : 'in-flight';
    if (message.place === 'in-flight') this.#inFlight++;
    this.#waiting.push(message);
    this.#arm();
  }

  remove(message: Message): void {
    if (message.place === 'ready') this.#ready.remove(message);
    if (message.place === 'delayed' || message.place === 'in-flight') this.#waiting.remove(message);
    if (message.place === 'in-flight') this.#inFlight--;
    message.place = 'gone';
  }

  /** The ready message whose turn it is; whoever takes it puts it somewhere in the same turn. */
  next(): Message | undefined {
    return this.#ready.shift();
  }

  /** Makes visible what is due. The disk keeps the old time, which says the same after a restart. */
  release(): void {
    const now = this.#host.now();
    for (let due = this.#waiting.earliest; due !== undefined && due.visibleAt <= now; due = this.#waiting.earliest) {
      this.remove(due);
      due.visibleAt = 0;
      this.#host.due(due);
      this.put(due);
    }
  }

  /** Ends the timer. */
  close(): void {
    clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
  }

  /** One timer for the earliest due message; a later one left over from before fires early and is armed anew. */
  #arm(): void {
    const at = this.#waiting.earliest?.visibleAt;
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
