import { z } from 'zod';
import { ServiceError } from '../../services/service.ts';
import type { Caller } from '../../services/service.ts';
import type { Functions } from '../functions.ts';
import type { InvokeResult } from '../function.ts';
import type { Overrides } from './overrides.ts';
import { standardScaling } from './scaling.ts';
import { SqsMapping } from './sqs-mapping.ts';
import type { MappingHost, SqsMappingConfig } from './sqs-mapping.ts';

/** What all mappings need from the cloud. */
export interface MappingsHost extends MappingHost {
  readonly functions: Functions;
  readonly overrides: Overrides;
}

/** The state of a mapping, as the API returns it. */
export interface MappingState {
  readonly config: SqsMappingConfig;
  readonly enabled: boolean;
  readonly modifiedAt: number;
}

interface Entry {
  readonly mapping: SqsMapping;
  /** The settings in the template, as comparable text. */
  readonly template: string;
  enabled: boolean;
  modifiedAt: number;
}

const queueAttributes = z.object({ Attributes: z.object({ VisibilityTimeout: z.coerce.number() }) });

/** All event source mappings, by UUID. They poll only after `start`, when everything is provisioned. */
export class Mappings {
  readonly #host: MappingsHost;
  readonly #entries = new Map<string, Entry>();
  #started = false;

  constructor(host: MappingsHost) {
    this.#host = host;
  }

  /**
   * Adds a mapping. Throws `InvalidParameterValueException` when the queue's visibility timeout is shorter than the
   * function's time limit, as AWS does.
   */
  async add(config: SqsMappingConfig, enabled: boolean, caller: Caller): Promise<void> {
    const { timeoutSeconds } = this.#host.functions.find(config.functionArn).function.config;
    const QueueUrl = this.#host.queueUrl(config.queueArn);
    const response = await this.#host.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }, caller);
    const seconds = queueAttributes.parse(response).Attributes.VisibilityTimeout;
    if (seconds < timeoutSeconds) {
      const reason = `Queue visibility timeout: ${seconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`;
      throw new ServiceError('InvalidParameterValueException', reason);
    }
    const invoke = (functionArn: string, payload: string): Promise<InvokeResult> =>
      this.#invoke(functionArn, payload, Date.now() + seconds * 1000);
    const mapping = new SqsMapping(config, caller, this.#host, invoke);
    const template = JSON.stringify([enabled, config.maximumConcurrency]);
    const override = this.#host.overrides.find(config.uuid, template);
    if (override?.maximumConcurrency !== undefined) rescale(mapping, override.maximumConcurrency);
    const entry = { mapping, template, enabled: override?.enabled ?? enabled, modifiedAt: Date.now() };
    this.#entries.set(config.uuid, entry);
  }

  /** Starts polling. */
  start(): void {
    this.#started = true;
    for (const { mapping, enabled } of this.#entries.values()) if (enabled) mapping.start();
  }

  /** Stops polling permanently. Resolves when all running batches have ended. */
  async close(): Promise<void> {
    this.#started = false;
    await Promise.all([...this.#entries.values()].map(({ mapping }) => mapping.stop()));
  }

  list(): readonly MappingState[] {
    return [...this.#entries.values()].map(stateOf);
  }

  /** Throws `ResourceNotFoundException`. */
  get(uuid: string): MappingState {
    return stateOf(this.#entry(uuid));
  }

  /** Pauses, resumes or rescales a mapping, also for later starts. Running batches continue. */
  update(
    uuid: string,
    change: { enabled?: boolean | undefined; maximumConcurrency?: number | undefined },
  ): MappingState {
    const entry = this.#entry(uuid);
    const { mapping, template } = entry;
    if (change.maximumConcurrency !== undefined) rescale(mapping, change.maximumConcurrency);
    entry.enabled = change.enabled ?? entry.enabled;
    entry.modifiedAt = Date.now();
    const { maximumConcurrency } = mapping.config;
    this.#host.overrides.save(uuid, template, { enabled: entry.enabled, maximumConcurrency });
    if (entry.enabled && this.#started) mapping.start();
    else void mapping.stop();
    return stateOf(entry);
  }

  #entry(uuid: string): Entry {
    const entry = this.#entries.get(uuid);
    if (entry !== undefined) return entry;
    throw new ServiceError('ResourceNotFoundException', `The event source mapping ${uuid} does not exist.`, 404);
  }

  /** Invokes a function. A throttled batch is retried with backoff until its messages become visible again. */
  async #invoke(functionArn: string, payload: string, until: number): Promise<InvokeResult> {
    for (let waitMs = 50; ; waitMs = Math.min(5000, waitMs * 2)) {
      try {
        const target = this.#host.functions.find(functionArn);
        return await target.function.invoke(payload, target.arn);
      } catch (error) {
        const throttled = error instanceof ServiceError && error.code === 'TooManyRequestsException';
        if (!throttled || !this.#started || Date.now() + waitMs >= until) throw error;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, waitMs);
      await promise;
    }
  }
}

function rescale(mapping: SqsMapping, maximumConcurrency: number): void {
  mapping.rescale(standardScaling(maximumConcurrency), maximumConcurrency);
}

function stateOf({ mapping, enabled, modifiedAt }: Entry): MappingState {
  return { config: mapping.config, enabled, modifiedAt };
}
