import { Consumer } from '@platformatic/kafka';
import type { Message, MessagesStream } from '@platformatic/kafka';
import type { OnEvent } from '../../../events.ts';
import type { InvokeResult } from '../../function.ts';
import { ServiceError } from '../../../services/service.ts';
import { pause } from '../pause.ts';
import type { KafkaMappingConfig } from './config.ts';
import { sendDiscardedBatch } from './discarded-batch.ts';
import type { DiscardedBatch, PutObject } from './discarded-batch.ts';
import { kafkaEvent } from './kafka-event.ts';

type Stream = MessagesStream<Buffer, Buffer, Buffer, Buffer>;

/** Waits between attempts, in milliseconds: they double. */
const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 10_000;
/** With a destination for discarded batches Lambda retries this often. */
const MAX_RETRIES = 10;
/** What fits into an event, counted before base64. */
const MAX_BYTES = 4_000_000;

/** What a mapping needs from the cloud. */
export interface KafkaMappingHost {
  readonly invoke: (payload: string) => Promise<InvokeResult>;
  readonly put: PutObject;
  /** Takes the number of records that were given up, and whether they reached the destination. */
  readonly discarded: (records: number, kept: boolean) => void;
}

/**
 * Reads one topic as one member of a consumer group and invokes one function, as a mapping in default mode does.
 * 1. The offsets of a batch are committed after it succeeded, so it comes again after a crash.
 * 2. A failed batch is retried until it succeeds, or ten times when there is a destination for discarded ones. Default mode has no
 *    other limit, no bisecting and no partial failures.
 * 3. After `stop` nothing is read, and the running batch continues until it ends.
 */
export class KafkaMapping {
  readonly config: KafkaMappingConfig;
  readonly #onEvent: OnEvent;
  readonly #invoke: KafkaMappingHost['invoke'];
  readonly #put: KafkaMappingHost['put'];
  readonly #discarded: KafkaMappingHost['discarded'];
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(config: KafkaMappingConfig, onEvent: OnEvent, { invoke, put, discarded }: KafkaMappingHost) {
    this.config = config;
    this.#onEvent = onEvent;
    this.#invoke = invoke;
    this.#put = put;
    this.#discarded = discarded;
  }

  start(): void {
    if (this.#running !== undefined) return;
    const abort = new AbortController();
    this.#running = { abort, ended: this.#run(abort.signal) };
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.abort.abort();
    await running?.ended;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#consume(signal);
      } catch (error) {
        this.#failed(error, signal);
        await pause(1000, signal);
      }
    }
  }

  async #consume(signal: AbortSignal): Promise<void> {
    const { consumerGroup: groupId, bootstrapServers, topic, start } = this.config;
    const consumer = new Consumer({
      clientId: 'lambda',
      groupId,
      bootstrapBrokers: [...bootstrapServers],
      autocommit: false,
      maxWaitTime: 100,
    });
    try {
      const fallbackMode = start === 'LATEST' ? 'latest' : 'earliest';
      const stream = await consumer.consume({ topics: [topic], mode: 'committed', fallbackMode, autocommit: false });
      const close = (): void => void stream.close();
      signal.addEventListener('abort', close, { once: true });
      await this.#batches(consumer, stream, signal);
    } finally {
      await consumer.close(true);
    }
  }

  async #batches(consumer: Consumer, stream: Stream, signal: AbortSignal): Promise<void> {
    const messages = stream[Symbol.asyncIterator]();
    let next = messages.next();
    while (!signal.aborted) {
      const first = await next;
      if (first.done === true) return;
      const batch: Message[] = [first.value];
      next = messages.next();
      const windowEnds = Date.now() + this.config.batchingWindowMs;
      let bytes = sizeOf(first.value);
      while (batch.length < this.config.batchSize && bytes < MAX_BYTES) {
        const more = await within(next, windowEnds - Date.now());
        if (more === undefined || more.done === true) break;
        batch.push(more.value);
        bytes += sizeOf(more.value);
        next = messages.next();
      }
      if (!(await this.#process(batch, signal))) return;
      await consumer.commit({ offsets: offsetsOf(batch) });
    }
  }

  /** Returns false when the mapping was stopped before the batch was done. */
  async #process(batch: readonly Message[], signal: AbortSignal): Promise<boolean> {
    const payload = kafkaEvent(batch, this.config);
    let waitMs = FIRST_WAIT_MS;
    for (let failures = 0; !signal.aborted;) {
      const result = await this.#attempt(payload, signal);
      if (result?.failed === false) return true;
      if (signal.aborted) return false;
      if (result !== undefined) failures++;
      if (result !== undefined && failures > MAX_RETRIES && this.config.onFailureArn !== undefined) {
        await this.#discard({ batch, payload, result, invocations: failures }, signal);
        return true;
      }
      await pause(waitMs, signal);
      waitMs = Math.min(MAX_WAIT_MS, 2 * waitMs);
    }
    return false;
  }

  /** Returns undefined when the function could not be invoked. */
  async #attempt(payload: string, signal: AbortSignal): Promise<InvokeResult | undefined> {
    try {
      return await this.#invoke(payload);
    } catch (error) {
      const throttled = error instanceof ServiceError && error.code === 'TooManyRequestsException';
      if (!throttled) this.#failed(error, signal);
      return undefined;
    }
  }

  async #discard(discarded: DiscardedBatch, signal: AbortSignal): Promise<void> {
    const { functionName: name, topic } = this.config;
    const records = discarded.batch.length;
    const shard = [...new Set(discarded.batch.map(({ partition }) => `${topic}-${partition}`))].join(', ');
    const condition = 'RetryAttemptsExhausted';
    this.#onEvent({ code: 'mapping.discarded', function: name, stream: topic, shard, records, condition });
    try {
      await sendDiscardedBatch(discarded, this.config, this.#put);
      this.#discarded(records, true);
    } catch (error) {
      this.#discarded(records, false);
      this.#failed(error, signal);
    }
  }

  #failed(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const { functionName, topic } = this.config;
    const reason = error instanceof Error ? error.message : String(error);
    this.#onEvent({ code: 'mapping.stream-failed', function: functionName, stream: topic, reason });
  }
}

const sizeOf = ({ key, value }: Message): number => lengthOf(key) + lengthOf(value);
const lengthOf = (bytes: Buffer | null | undefined): number => bytes?.length ?? 0;

/** The offset after the last message of each partition. */
function offsetsOf(batch: readonly Message[]) {
  const last = new Map(batch.map((message) => [message.partition, message]));
  return [...last.values()].map(({ topic, partition, offset, leaderEpoch }) => ({
    topic,
    partition,
    offset: offset + 1n,
    leaderEpoch,
  }));
}

/** Returns undefined when the promise does not resolve in time. It stays pending. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(late.resolve, Math.max(0, ms), undefined);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
