import type { SourceRecord } from '#core/streams/source-record.ts';
import type { Judge } from '../../checks/judge.ts';
import { EPOCH } from '../machine.ts';
import type { Surroundings } from '../surroundings.ts';
import { eventOf } from './stream-record.ts';
import type { StreamEvent, StreamsPlan } from './stream-event.ts';

const POLL_MS = 500;
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 20_000;

interface Way {
  readonly name: string;
  /** Invokes the function. `settle` learns the lowest failures, or null if it failed as a whole. */
  invoke(records: readonly SourceRecord[], settle: (failed: readonly SourceRecord[] | null) => void): void;
  /** Puts what the mapping gave up on to the stream again. */
  again(event: StreamEvent): void;
}

/** A shard and the mapping that reads it: checkpoint, partial responses, cutting of batches, and giving up. */
export class Shard {
  readonly #world: Surroundings;
  readonly #judge: Judge;
  readonly #plan: StreamsPlan;
  readonly #way: Way;
  readonly #records: SourceRecord[] = [];
  /** What was given up, until somebody puts it again. */
  #givenUp: StreamEvent[] = [];
  #checkpoint = 0;
  #attempts = 0;
  #size: number;
  #busy = false;
  /** The poll that waits. There is one at most: records that arrive do not shorten the wait after a failure. */
  #next: symbol | null = null;
  /** Which reading this is: an answer to one before a rewind counts no more. */
  #reading = 0;

  constructor(world: Surroundings, judge: Judge, plan: StreamsPlan, way: Way) {
    this.#world = world;
    this.#judge = judge;
    this.#plan = plan;
    this.#way = way;
    this.#size = plan.batch;
  }

  get idle(): boolean {
    return !this.#busy && this.#checkpoint === this.#records.length && this.#givenUp.length === 0;
  }

  put({ subject }: StreamEvent, bytes: Uint8Array): void {
    const position = String(this.#records.length);
    const arrivedAt = EPOCH + Math.floor(this.#world.scheduler.now);
    this.#records.push({ stream: 'simulated', partition: this.#way.name, position, key: subject, bytes, arrivedAt });
    if (!this.#busy && this.#next === null) this.#pollLater(POLL_MS);
  }

  rewind(): void {
    this.#world.trace.add(this.#way.name, 'REWINDS', () => `from ${this.#checkpoint}`);
    this.#checkpoint = 0;
    this.#reading += 1;
    this.#busy = false;
    this.#attempts = 0;
    this.#pollLater(POLL_MS);
  }

  #pollLater(ms: number): void {
    const { scheduler } = this.#world;
    const next = Symbol('poll');
    this.#next = next;
    scheduler.at(scheduler.now + ms, () => (this.#next === next ? this.#poll() : 'idle'));
  }

  #poll(): 'idle' | void {
    this.#next = null;
    if (this.#busy || this.#checkpoint === this.#records.length) return 'idle';
    const batch = this.#records.slice(this.#checkpoint, this.#checkpoint + this.#size);
    this.#busy = true;
    const reading = this.#reading;
    let settled = false;
    const settle = (failed: readonly SourceRecord[] | null): void => {
      if (settled || reading !== this.#reading) return;
      settled = true;
      this.#busy = false;
      this.#settle(batch, failed);
    };
    this.#way.invoke(batch, settle);
    if (this.#world.faulty && this.#world.chance.hits(this.#plan.twins)) this.#way.invoke(batch, settle);
    return undefined;
  }

  #settle(batch: readonly SourceRecord[], failed: readonly SourceRecord[] | null): void {
    const lowest = failed?.[0]?.position;
    const done = failed === null ? 0 : lowest === undefined ? batch.length : Number(lowest) - this.#checkpoint;
    for (const record of batch.slice(0, done)) {
      const event = eventOf(record);
      if (event) this.#judge.observe(() => this.#judge.areas.streams.acknowledged(event));
    }
    this.#checkpoint += done;
    if (done > 0) this.#attempts = 0;
    if (done === batch.length) {
      this.#size = this.#plan.batch;
      return this.#pollLater(POLL_MS);
    }
    this.#attempts += 1;
    const rest = batch.slice(done);
    if (failed === null && rest.length > 1) this.#size = Math.ceil(rest.length / 2);
    else if (this.#attempts >= this.#plan.maxAttempts && this.#world.faulty) this.#giveUp(rest);
    return this.#pollLater(Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(this.#attempts, 8)));
  }

  /** Somebody puts them again once the faults are over. */
  #giveUp(rest: readonly SourceRecord[]): void {
    const { scheduler, plan, trace } = this.#world;
    trace.add(this.#way.name, 'GIVES UP', () => rest.map(({ position }) => position).join(', '));
    const events = rest.flatMap((record) => eventOf(record) ?? []);
    this.#givenUp.push(...events);
    this.#checkpoint += rest.length;
    this.#attempts = 0;
    scheduler.at(plan.faultsUntil + 1_000, () => {
      const again = this.#givenUp;
      this.#givenUp = [];
      for (const event of again) this.#way.again(event);
    });
  }
}
