import { z } from 'zod';
import type { OnEvent } from '../../events.ts';
import type { Caller, CallService, ServiceInput, ServiceOutput } from '../../services/service.ts';
import type { EventPattern } from '../event-pattern.ts';
import type { InvokeResult } from '../function.ts';
import { pause } from './pause.ts';
import { doneMessages, sqsEvent, sqsMessage } from './batch.ts';
import type { SqsMessage } from './batch.ts';
import { Scaling } from './scaling.ts';
import type { ScalingRule } from './scaling.ts';

/** The resolved CloudFormation properties of a mapping. */
export interface SqsMappingConfig {
  readonly kind: 'sqs';
  readonly uuid: string;
  readonly queueArn: string;
  readonly functionName: string;
  /** Includes the alias or version that the mapping invokes. */
  readonly functionArn: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly scaling: ScalingRule;
  readonly maximumConcurrency: number | undefined;
  readonly patterns: readonly EventPattern[];
}

/** What a mapping needs from the cloud. */
export interface MappingHost {
  readonly region: string;
  readonly onEvent: OnEvent;
  readonly call: CallService;
  /** `ReceiveMessage` that ends when the signal aborts. The queue records the receiver of the messages. */
  receive(input: ServiceInput, caller: Caller, signal: AbortSignal, receiver: string): Promise<ServiceOutput>;
  /** Makes the messages of a receiver that died visible again and returns their number. */
  releaseHeldBy(queueArn: string, receiver: string): Promise<number>;
  readonly queueUrl: (queueArn: string) => string;
}

/** Invokes the function of the mapping. Throws `TooManyRequestsException` when it is throttled for too long. */
export type InvokeFunction = (functionArn: string, payload: string) => Promise<InvokeResult>;

const received = z.object({ Messages: z.array(sqsMessage).default([]) });

/**
 * Polls one queue and invokes one function.
 * 1. Messages are received only when a batch may run, so that no message is invisible while it waits.
 * 2. At most `scaling.limit` batches run at once.
 * 3. Messages of a successful batch are deleted. Other messages become visible again when their visibility timeout ends.
 * 4. After `stop` nothing is received. Running batches continue until they end.
 * 5. On AWS pollers survive the failure of a worker; here they die with the process. So before the first poll, a process
 *    releases the messages that an earlier process received, except those whose visibility the function has changed.
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

  /** Replaces the scaling rule. Running batches above the new limit continue until they end. */
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

  /** Stops polling. Resolves when all running batches have ended. */
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
      await this.#untilBatchMayRun(signal);
      if (signal.aborted) return;
      try {
        await this.#releaseInherited();
        const messages = await this.#receiveBatch(signal);
        if (messages.length > 0) this.#dispatch(messages);
      } catch (error) {
        this.#failed(error);
        await pause(1000, signal);
      }
    }
  }

  async #releaseInherited(): Promise<void> {
    if (!this.#inherited) return;
    const { functionName, queueArn, uuid } = this.#config;
    const count = await this.#host.releaseHeldBy(queueArn, uuid);
    this.#inherited = false;
    if (count > 0) {
      this.#host.onEvent({ code: 'mapping.gave-back', function: functionName, queue: queueArn, messages: count });
    }
  }

  /** Resolves when one more batch may run. */
  async #untilBatchMayRun(signal: AbortSignal): Promise<void> {
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
    // The window starts with the first message. Its remaining time limits each further poll.
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
    // Messages that match no filter are deleted, as on AWS.
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

  /** Reports a failure. After a stop it reports nothing: the messages stay in the queue. */
  #failed(error: unknown): void {
    if (this.#polling === undefined) return;
    const reason = error instanceof Error ? error.message : String(error);
    const { functionName, queueArn } = this.#config;
    this.#host.onEvent({ code: 'mapping.failed', function: functionName, queue: queueArn, reason });
  }
}

/** The record that filter patterns match. Its body is parsed if it is JSON. */
function filterView(message: SqsMessage): object {
  let body: unknown = message.Body;
  try {
    body = JSON.parse(message.Body);
  } catch {
    // Not JSON: patterns match the body as a string.
  }
  return { messageId: message.MessageId, body, attributes: message.Attributes };
}
