import { z } from 'zod';
import type { OnEvent } from '../../events.ts';
import type { Caller, CallService, ServiceInput, ServiceOutput } from '../../services/service.ts';
import type { EventPattern } from '../event-pattern.ts';
import type { InvokeResult } from '../function.ts';
import { doneMessages, sqsEvent, sqsMessage } from './batch.ts';
import type { SqsMessage } from './batch.ts';
import { Scaling } from './scaling.ts';
import type { ScalingRule } from './scaling.ts';

/** A mapping as CloudFormation describes it, resolved. */
export interface SqsMappingConfig {
  readonly uuid: string;
  readonly queueArn: string;
  readonly functionName: string;
  /** With the alias or version, if the mapping invokes one. */
  readonly functionArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly scaling: ScalingRule;
  readonly maximumConcurrency: number | undefined;
  readonly patterns: readonly EventPattern[];
}

/** What a mapping takes from the cloud around it. */
export interface MappingHost {
  readonly region: string;
  readonly onEvent: OnEvent;
  readonly call: CallService;
  /** `ReceiveMessage` that ends as soon as the signal aborts; the messages are noted as the receiver's. */
  receive(input: ServiceInput, caller: Caller, signal: AbortSignal, receiver: string): Promise<ServiceOutput>;
  /** Makes visible what a receiver that died still holds; answers with how many messages these were. */
  giveBack(queueArn: string, receiver: string): Promise<number>;
  queueUrl(queueArn: string): string;
}

/** Invokes the mapping's function; throws `TooManyRequestsException` when it is throttled for too long. */
export type InvokeFunction = (functionArn: string, payload: string) => Promise<InvokeResult>;

const received = z.object({ Messages: z.array(sqsMessage).default([]) });

/**
 * Polls one queue and invokes one function.
 * 1. Messages are received only when a batch may run, so that none is invisible while it waits for its turn.
 * 2. At most `scaling.limit` batches run at once.
 * 3. Messages of a batch that succeeded are deleted; the others stay as they are and return when their visibility ends.
 * 4. After `stop` nothing is received; batches that run are carried to their end.
 * 5. On AWS pollers outlive the machine that works; here they die with it. So before the first poll of a process, what
 *    the pollers of an earlier one received goes back to the queue, except where the function has set its visibility.
 */
export class SqsMapping {
  #config: SqsMappingConfig;
  readonly #host: MappingHost;
  readonly #invoke: InvokeFunction;
  readonly #caller: Caller;
  readonly #queueUrl: string;
  #scaling: Scaling;
  readonly #running = new Set<Promise<void>>();
  #polling: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  #wake: (() => void) | undefined;
  #inherited = true;

  constructor(config: SqsMappingConfig, caller: Caller, host: MappingHost, invoke: InvokeFunction) {
    this.#config = config;
    this.#invoke = invoke;
    this.#host = host;
    this.#caller = caller;
    this.#queueUrl = host.queueUrl(config.queueArn);
    this.#scaling = new Scaling(config.scaling);
  }

  get config(): SqsMappingConfig {
    return this.#config;
  }

  /** From now on batches run by another rule; more of them than it allows end as they would have. */
  rescale(scaling: ScalingRule, maximumConcurrency: number): void {
    this.#config = { ...this.#config, scaling, maximumConcurrency };
    this.#scaling = new Scaling(scaling);
    this.#wake?.();
  }

  start(): void {
    if (this.#polling !== undefined) return;
    const abort = new AbortController();
    this.#polling = { abort, ended: this.#poll(abort.signal) };
  }

  /** Stops polling; resolves when the batches that run have ended. */
  async stop(): Promise<void> {
    const polling = this.#polling;
    this.#polling = undefined;
    polling?.abort.abort();
    this.#wake?.();
    await polling?.ended;
    await Promise.all(this.#running);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#freeSlot(signal);
      if (signal.aborted) return;
      try {
        await this.#giveBackInherited();
        const messages = await this.#receiveBatch(signal);
        if (messages.length > 0) this.#dispatch(messages);
      } catch (error) {
        this.#failed(error);
        await pause(1000, signal);
      }
    }
  }

  async #giveBackInherited(): Promise<void> {
    if (!this.#inherited) return;
    const { functionName, queueArn, uuid } = this.#config;
    const count = await this.#host.giveBack(queueArn, uuid);
    this.#inherited = false;
    if (count > 0) {
      this.#host.onEvent({ code: 'mapping.gave-back', function: functionName, queue: queueArn, messages: count });
    }
  }

  /** Waits until one more batch may run. */
  async #freeSlot(signal: AbortSignal): Promise<void> {
    while (this.#running.size >= this.#scaling.limit && !signal.aborted) {
      const before = this.#scaling.limit;
      this.#scaling.saturated(Date.now());
      const { limit } = this.#scaling;
      if (limit > before) {
        const { functionName, queueArn } = this.#config;
        this.#host.onEvent({
          code: 'mapping.scaled',
          function: functionName,
          queue: queueArn,
          from: before,
          to: limit,
        });
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = limit < this.#scaling.rule.maximum ? setTimeout(resolve, this.#scaling.stepMs) : undefined;
      this.#wake = resolve;
      await promise;
      clearTimeout(timer);
    }
  }

  async #receiveBatch(signal: AbortSignal): Promise<SqsMessage[]> {
    const { batchSize, batchingWindowSeconds } = this.#config;
    const messages = await this.#receive(Math.min(10, batchSize), 20, signal);
    if (messages.length === 0) {
      if (this.#running.size === 0) this.#scaling.idle();
      else this.#scaling.relaxed();
      return messages;
    }
    // The window runs from the first message; what is left of it bounds each further poll.
    const windowEnds = Date.now() + batchingWindowSeconds * 1000;
    while (messages.length < batchSize && !signal.aborted) {
      const left = windowEnds - Date.now();
      if (left <= 0) break;
      const windowEnded = AbortSignal.any([signal, AbortSignal.timeout(left)]);
      messages.push(...(await this.#receive(Math.min(10, batchSize - messages.length), 20, windowEnded)));
    }
    return messages;
  }

  async #receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<SqsMessage[]> {
    const input = {
      QueueUrl: this.#queueUrl,
      MaxNumberOfMessages: count,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    return received.parse(await this.#host.receive(input, this.#caller, signal, this.#config.uuid)).Messages;
  }

  #dispatch(messages: readonly SqsMessage[]): void {
    const batch = this.#runBatch(messages)
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#running.delete(batch);
        this.#wake?.();
      });
    this.#running.add(batch);
  }

  async #runBatch(received: readonly SqsMessage[]): Promise<void> {
    const { patterns, queueArn, functionArn, reportBatchItemFailures } = this.#config;
    const messages = received.filter(
      (message) => patterns.length === 0 || patterns.some((pattern) => pattern(filterView(message))),
    );
    // What no filter lets through is deleted, as on AWS.
    await this.#delete(received.filter((message) => !messages.includes(message)));
    if (messages.length === 0) return;
    const result = await this.#invoke(functionArn, sqsEvent(messages, queueArn, this.#host.region));
    if (!result.failed) await this.#delete(doneMessages(messages, result.payload, reportBatchItemFailures));
  }

  async #delete(messages: readonly SqsMessage[]): Promise<void> {
    for (let start = 0; start < messages.length; start += 10) {
      const Entries = messages
        .slice(start, start + 10)
        .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#host.call('sqs', 'DeleteMessageBatch', { QueueUrl: this.#queueUrl, Entries }, this.#caller);
    }
  }

  /** What fails after a stop, as when the cloud closes, stays in the queue and is nobody's news. */
  #failed(error: unknown): void {
    if (this.#polling === undefined) return;
    const reason = error instanceof Error ? error.message : String(error);
    const { functionName, queueArn } = this.#config;
    this.#host.onEvent({ code: 'mapping.failed', function: functionName, queue: queueArn, reason });
  }
}

/** What filter patterns look at: the record, its body as JSON where it is JSON. */
function filterView(message: SqsMessage): object {
  let body: unknown = message.Body;
  try {
    body = JSON.parse(message.Body);
  } catch {
    // Plain text stays text, for patterns on text.
  }
  return { messageId: message.MessageId, body, attributes: message.Attributes };
}

/** Waits before the next try after a fault; a stop ends it. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
