import { z } from 'zod';
import { measureDiscarded } from '../../services/cloudwatch/feeds/lambda.ts';
import { ServiceError } from '../../services/service.ts';
import type { Caller } from '../../services/service.ts';
import type { Functions } from '../functions.ts';
import type { InvokeResult } from '../function.ts';
import type { Overrides } from './overrides.ts';
import { standardScaling } from './scaling.ts';
import { SqsMapping } from './sqs-mapping.ts';
import type { MappingHost, SqsMappingConfig } from './sqs-mapping.ts';
import type { KafkaMappingConfig } from './kafka/config.ts';
import { KafkaMapping } from './kafka/kafka-mapping.ts';
import type { StreamMappingConfig, StreamSettings } from './streams/config.ts';
import { KinesisMapping } from './streams/kinesis-mapping.ts';
import type { KinesisMappingHost } from './streams/kinesis-mapping.ts';

/** What all mappings need from the cloud. */
export interface MappingsHost extends MappingHost, KinesisMappingHost {
  readonly functions: Functions;
  readonly overrides: Overrides;
}

/** The state of a mapping, as the API returns it. */
export interface MappingState {
  readonly config: SqsMappingConfig | StreamMappingConfig | KafkaMappingConfig;
  readonly enabled: boolean;
  readonly modifiedAt: number;
  /** Of a stream's mapping. */
  readonly lastResult: string | undefined;
}

/** A change by `UpdateEventSourceMapping`. */
export interface MappingChange {
  readonly enabled?: boolean | undefined;
  readonly maximumConcurrency?: number | undefined;
  readonly settings?: Partial<StreamSettings> | undefined;
}

interface Entry {
  readonly mapping: SqsMapping | KinesisMapping | KafkaMapping;
  /** The settings in the template, as comparable text. */
  readonly template: string;
  /** Settings that the API changed. */
  settings: Partial<StreamSettings>;
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
   * Adds a mapping of a queue. Throws `InvalidParameterValueException` when the queue's visibility timeout is shorter than
   * the function's time limit, as AWS does.
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
    const entry = { mapping, template, settings: {}, enabled: override?.enabled ?? enabled, modifiedAt: Date.now() };
    this.#entries.set(config.uuid, entry);
  }

  /** Adds a mapping of a stream. Throws `ResourceNotFoundException` when the stream does not exist. */
  addStream(config: StreamMappingConfig, enabled: boolean, caller: Caller): void {
    const template = JSON.stringify([enabled, config.settings]);
    const override = this.#host.overrides.find(config.uuid, template);
    const settings: Partial<StreamSettings> = override?.settings ?? {};
    const changed = { ...config, settings: { ...config.settings, ...settings } };
    const invoke = (payload: string): Promise<InvokeResult> => this.#invoke(config.functionArn, payload, 0);
    const mapping = new KinesisMapping(changed, caller, this.#host, invoke);
    const entry = { mapping, template, settings, enabled: override?.enabled ?? enabled, modifiedAt: Date.now() };
    this.#entries.set(config.uuid, entry);
  }

  /** Adds a mapping of Kafka. The broker is reached only after `start`. */
  addKafka(config: KafkaMappingConfig, enabled: boolean, caller: Caller): void {
    const template = JSON.stringify([enabled]);
    const override = this.#host.overrides.find(config.uuid, template);
    const invoke = (payload: string): Promise<InvokeResult> => this.#invoke(config.functionArn, payload, 0);
    const put = async (Bucket: string, Key: string, Body: string): Promise<void> => {
      await this.#host.call('s3', 'PutObject', { Bucket, Key, Body }, caller);
    };
    const discarded = (records: number, kept: boolean): void => {
      if (config.countsEvents) measureDiscarded(this.#host.measure, config.uuid, records, kept);
    };
    const mapping = new KafkaMapping(config, this.#host.onEvent, { invoke, put, discarded });
    const entry = { mapping, template, settings: {}, enabled: override?.enabled ?? enabled, modifiedAt: Date.now() };
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
    this.#host.checkpoints.close();
  }

  list(): readonly MappingState[] {
    return [...this.#entries.values()].map(stateOf);
  }

  /** Throws `ResourceNotFoundException`. */
  get(uuid: string): MappingState {
    return stateOf(this.#entry(uuid));
  }

  /** Pauses, resumes or changes a mapping, also for later starts. Running batches continue. */
  update(uuid: string, change: MappingChange): MappingState {
    const entry = this.#entry(uuid);
    const { mapping, template } = entry;
    entry.enabled = change.enabled ?? entry.enabled;
    entry.modifiedAt = Date.now();
    if (mapping instanceof SqsMapping) {
      if (change.maximumConcurrency !== undefined) rescale(mapping, change.maximumConcurrency);
      const { maximumConcurrency } = mapping.config;
      this.#host.overrides.save(uuid, template, { enabled: entry.enabled, maximumConcurrency });
    } else if (mapping instanceof KafkaMapping) {
      this.#host.overrides.save(uuid, template, { enabled: entry.enabled });
    } else {
      entry.settings = { ...entry.settings, ...change.settings };
      this.#host.overrides.save(uuid, template, { enabled: entry.enabled, settings: { ...entry.settings } });
      if (change.settings !== undefined) mapping.change(change.settings);
    }
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
  const lastResult = mapping instanceof KinesisMapping ? mapping.lastResult : undefined;
  return { config: mapping.config, enabled, modifiedAt, lastResult };
}
