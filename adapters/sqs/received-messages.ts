import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { inChunks } from '#core/concurrency/in-chunks.ts';
import type { ReceivedMessage } from '#core/ports/task-queue.ts';
import { sqs } from './client.ts';
import { isGone, sqsReceivedMessage, type SqsReceivedMessageOptions } from './task-queue.ts';

/** Most entries of a request (API limit). */
const MAX_ENTRIES = 10;

interface Waiting {
  readonly queueUrl: string;
  readonly receiptHandle: string;
  readonly ms: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const failedSchema = z.array(
  z.object({ Id: z.string(), Code: z.string().default('no code'), Message: z.string().default('no reason') }),
);

/**
 * The messages of one invocation. Those that are hidden at once or soon share a request, up to ten in one. A message whose turn
 * is over need not be hidden any more.
 */
export class ReceivedMessages {
  readonly #client: SQSClient;
  readonly #waiting = new Map<string, Waiting>();
  readonly #sending = new Set<Promise<unknown>>();
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #isClosed = false;

  constructor(client: SQSClient = sqs()) {
    this.#client = client;
  }

  of({ queueUrl, receiptHandle }: Pick<SqsReceivedMessageOptions, 'queueUrl' | 'receiptHandle'>): ReceivedMessage {
    return {
      extend: (ms, withinMs = 0) => {
        // A wait that is asked for now must not be shortened by one from before.
        this.#drop(receiptHandle);
        return this.#soon({ queueUrl, receiptHandle, ms }, withinMs);
      },
    };
  }

  /** Drops what waits or is hidden soon from now on, and resolves when no request is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const receiptHandle of this.#waiting.keys()) this.#drop(receiptHandle);
    this.#stopWaiting();
    await Promise.allSettled(this.#sending);
  }

  #drop(receiptHandle: string): void {
    this.#waiting.get(receiptHandle)?.done();
    this.#waiting.delete(receiptHandle);
  }

  #soon(message: Pick<Waiting, 'queueUrl' | 'receiptHandle' | 'ms'>, withinMs: number): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    if (withinMs > 0) this.#timer ??= setTimeout(() => this.#flush(), withinMs);
    // The messages of an invocation begin in the same turn of the event loop.
    else this.#immediate ??= setImmediate(() => this.#flush());
    return new Promise((done, failed) => {
      this.#waiting.set(message.receiptHandle, { ...message, done, failed });
    });
  }

  #stopWaiting(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#timer = null;
    this.#immediate = null;
  }

  #flush(): void {
    this.#stopWaiting();
    const queues = Map.groupBy(this.#waiting.values(), ({ queueUrl }) => queueUrl);
    this.#waiting.clear();
    for (const [queueUrl, all] of queues) {
      for (const group of inChunks(all, MAX_ENTRIES)) {
        const sending = this.#hide(queueUrl, group)
          .catch((error: unknown) => group.forEach(({ failed }) => failed(error)))
          .finally(() => this.#sending.delete(sending));
        this.#sending.add(sending);
      }
    }
  }

  async #hide(QueueUrl: string, group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (first !== undefined && group.length === 1) {
      await sqsReceivedMessage({ ...first, client: this.#client }).extend(first.ms);
      return first.done();
    }
    const Entries = group.map(({ receiptHandle, ms }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: Math.ceil(ms / 1_000),
    }));
    const { Failed } = await this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
    const refused = new Map(failedSchema.parse(Failed ?? []).map((entry) => [entry.Id, entry]));
    group.forEach(({ done, failed }, index) => {
      const entry = refused.get(String(index));
      if (entry === undefined || isGone({ name: entry.Code, message: entry.Message })) done();
      else failed(new Error(`SQS did not hide a message: ${entry.Code}, ${entry.Message}`));
    });
  }
}
