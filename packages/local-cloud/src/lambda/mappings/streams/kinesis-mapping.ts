import type { OnEvent } from '../../../events.ts';
import { measureDiscarded, measureIteratorAge } from '../../../services/cloudwatch/feeds/lambda.ts';
import type { Measure } from '../../../services/cloudwatch/metrics/metric.ts';
import type { Shard } from '../../../services/kinesis/shard.ts';
import { shardName } from '../../../services/kinesis/sequence.ts';
import type { StreamStore } from '../../../services/kinesis/store.ts';
import type { Caller } from '../../../services/service.ts';
import type { InvokeResult } from '../../function.ts';
import { pause } from '../pause.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { StreamMappingConfig, StreamSettings } from './config.ts';
import { sendDiscarded } from './discarded.ts';
import type { DestinationHost, Discarded } from './discarded.ts';
import { Lane } from './lane.ts';
import type { LaneHost } from './lane.ts';
import { StreamSource } from './source.ts';

/** What a mapping needs from the cloud. */
export interface KinesisMappingHost extends DestinationHost {
  readonly region: string;
  readonly onEvent: OnEvent;
  readonly measure: Measure;
  readonly streams: StreamStore;
  readonly checkpoints: Checkpoints;
}

/**
 * Reads all shards of a stream and invokes one function.
 * 1. A shard is read once its parents have been read to the end.
 * 2. Each shard has `parallelizationFactor` lanes, and a batch has records of one lane only.
 * 3. After `stop` nothing is read. Running batches continue until they end.
 */
export class KinesisMapping {
  #config: StreamMappingConfig;
  readonly #host: KinesisMappingHost;
  readonly #caller: Caller;
  readonly #invokeFunction: (payload: string) => Promise<InvokeResult>;
  readonly #source: StreamSource;
  readonly #shards = new Map<number, Promise<void>>();
  /** Shards that were read to the end. */
  readonly #finished = new Set<number>();
  readonly #waiting = new Set<() => void>();
  #running: { readonly abort: AbortController; readonly unwatch: () => void } | undefined;
  #lastResult = 'No records processed';

  constructor(
    config: StreamMappingConfig,
    caller: Caller,
    host: KinesisMappingHost,
    invoke: (payload: string) => Promise<InvokeResult>,
  ) {
    this.#config = config;
    this.#host = host;
    this.#caller = caller;
    this.#invokeFunction = invoke;
    this.#source = new StreamSource(host.streams, config.streamArn);
    // Where it starts is decided now: with LATEST, what is written before the first poll is not lost.
    host.checkpoints.begin(config.uuid, String(this.#source.id), () => this.#source.positions(config.start));
  }

  get config(): StreamMappingConfig {
    return this.#config;
  }

  get lastResult(): string {
    return this.#lastResult;
  }

  /** Replaces settings. Running batches end with the old ones; what is read afterwards has the new ones. */
  change(settings: Partial<StreamSettings>): void {
    this.#config = { ...this.#config, settings: { ...this.#config.settings, ...settings } };
    if (this.#running === undefined) return;
    void this.stop();
    this.start();
  }

  start(): void {
    if (this.#running !== undefined) return;
    const unwatch = this.#source.watch(() => this.#wake());
    this.#running = { abort: new AbortController(), unwatch };
    this.#openShards();
  }

  /** Stops reading. Resolves when all running batches have ended. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.unwatch();
    running?.abort.abort();
    await Promise.all(this.#shards.values());
  }

  #wake(): void {
    this.#openShards();
    for (const resolve of this.#waiting) resolve();
  }

  #openShards(): void {
    const running = this.#running;
    if (running === undefined) return;
    try {
      const shards = this.#source.shards();
      for (const shard of shards) if (this.#isReady(shard, shards)) this.#open(shard.index, running.abort.signal);
    } catch (error) {
      // The stream was deleted.
      this.#failed(error instanceof Error ? error.message : String(error));
    }
  }

  #isReady({ index, parents }: Shard, shards: readonly Shard[]): boolean {
    if (this.#shards.has(index) || this.#isFinished(index)) return false;
    return parents.every((parent) => this.#isFinished(parent) || !shards.some((shard) => shard.index === parent));
  }

  #isFinished(shard: number): boolean {
    if (this.#finished.has(shard)) return true;
    const finished = this.#host.checkpoints.isFinished(this.#config.uuid, shard);
    if (finished) this.#finished.add(shard);
    return finished;
  }

  #open(shard: number, signal: AbortSignal): void {
    const { uuid, settings } = this.#config;
    const lanes = settings.parallelizationFactor;
    const positions = this.#host.checkpoints.lanes(uuid, shard, lanes);
    const host = this.#laneHost();
    const all = positions.map((position, lane) => new Lane(host, { shard, lane, lanes }, position).run(signal));
    const ended = Promise.all(all).then(() => {
      this.#shards.delete(shard);
      this.#openShards();
    });
    this.#shards.set(shard, ended);
  }

  #laneHost(): LaneHost {
    const { region, checkpoints } = this.#host;
    return {
      config: this.#config,
      region,
      source: this.#source,
      checkpoints,
      invoke: async (payload) => {
        const result = await this.#invokeFunction(payload);
        this.#lastResult = result.failed ? 'PROBLEM: Function call failed' : 'OK';
        return result;
      },
      measureAge: (age) => measureIteratorAge(this.#host.measure, this.#measured(), age),
      discard: (discarded) => this.#discard(discarded),
      changed: (ms, signal) => this.#changed(ms, signal),
      failed: (reason) => this.#failed(reason),
    };
  }

  /** How the metrics name the function. */
  #measured(): Parameters<typeof measureIteratorAge>[1] {
    const { functionName, functionArn } = this.#config;
    const [, qualifier] = functionArn.split(`:function:${functionName}:`);
    return { functionName, qualifier };
  }

  /** As on AWS, a record that its destination does not take is lost. */
  async #discard(discarded: Discarded): Promise<void> {
    const { functionName, streamArn, uuid, onFailureArn, countsEvents } = this.#config;
    const { shard, records, condition } = discarded;
    const event = { function: functionName, stream: streamArn, shard: shardName(shard), records: records.length };
    this.#host.onEvent({ code: 'mapping.discarded', ...event, condition });
    const measured = (kept: boolean): void => {
      if (countsEvents) measureDiscarded(this.#host.measure, uuid, records.length, kept);
    };
    try {
      await sendDiscarded(discarded, this.#config, this.#host, this.#caller);
      measured(onFailureArn !== undefined);
    } catch (error) {
      measured(false);
      const reason = error instanceof Error ? error.message : String(error);
      this.#failed(`The destination for discarded records failed: ${reason}`);
    }
  }

  async #changed(ms: number | undefined, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const stop = (): void => ended.abort();
    this.#waiting.add(stop);
    signal.addEventListener('abort', stop);
    await (ms === undefined ? aborted(ended.signal) : pause(ms, ended.signal));
    this.#waiting.delete(stop);
    signal.removeEventListener('abort', stop);
  }

  #failed(reason: string): void {
    const { functionName, streamArn } = this.#config;
    this.#host.onEvent({ code: 'mapping.stream-failed', function: functionName, stream: streamArn, reason });
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
