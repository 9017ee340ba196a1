import { setTimeout } from 'node:timers/promises';
import { FleetError, type FleetClient } from '#client/index.ts';
import type { TaskView } from '#client/types.ts';

const EVERY_MS = 250;

export interface TrafficOptions {
  /** The tasks are turns of this session. @default each task stands alone */
  readonly sessionId?: string;
  /** At most this many tasks are unfinished. @default no limit */
  readonly maxUnfinished?: number;
}

/** Tasks of the assistant that are submitted one after another while something else happens. */
export class Traffic {
  readonly #client: FleetClient;
  readonly #options: TrafficOptions;
  readonly #ids: string[] = [];
  /** The tasks before this one have ended. */
  #ended = 0;
  readonly #stopped = new AbortController();
  readonly #submitting: Promise<void>;

  constructor(client: FleetClient, signal: AbortSignal, options: TrafficOptions = {}) {
    this.#client = client;
    this.#options = options;
    this.#submitting = this.#run(AbortSignal.any([signal, this.#stopped.signal]));
    // `stop` reports it.
    this.#submitting.catch(() => {});
  }

  /** Whether the first task has ended. */
  async hasBegun(): Promise<boolean> {
    await Promise.race([this.#submitting, this.#passEnded()]);
    return this.#ended > 0;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { maxUnfinished = Infinity } = this.#options;
    while (!signal.aborted) {
      if (this.#ids.length - this.#ended < maxUnfinished) await this.#submit();
      else await this.#passEnded();
      await setTimeout(EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #submit(): Promise<void> {
    const { sessionId } = this.#options;
    const instruction = `What is ${this.#ids.length} times 3?`;
    const { id } = await this.#client.submit({
      agent: 'assistant',
      instruction,
      ...(sessionId === undefined ? {} : { sessionId }),
    });
    this.#ids.push(id);
  }

  async #passEnded(): Promise<void> {
    const next = this.#ids[this.#ended];
    if (next === undefined) return;
    const { finishedAt } = await this.#client.get(next);
    if (finishedAt !== undefined && this.#ids[this.#ended] === next) this.#ended += 1;
  }

  /** Stops, and returns the ids of the accepted tasks. Rejects if the API did not accept one. */
  async stop(): Promise<readonly string[]> {
    this.#stopped.abort();
    await this.#submitting;
    return this.#ids;
  }
}

/**
 * Waits until all tasks have ended. Returns them as they then are, or as they are after `seconds`. Asks for one task after
 * another, since many questions at once would keep an emulator from its work.
 */
export async function endsOf(
  client: FleetClient,
  ids: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<readonly TaskView[]> {
  const until = performance.now() + seconds * 1_000;
  const tasks: TaskView[] = [];
  for (const id of ids) {
    const timeoutMs = Math.max(1, Math.ceil(until - performance.now()));
    const ended = await client.wait(id, { timeoutMs, signal }).catch((error: unknown) => {
      if (error instanceof FleetError && error.kind === 'timed-out') return undefined;
      throw error;
    });
    tasks.push(ended ?? (await client.get(id)));
  }
  return tasks;
}

/** `12 succeeded, 2 parked (agent-version)` */
export function statusesOf(tasks: readonly TaskView[]): string {
  const counts = new Map<string, number>();
  for (const { status, waitsFor, failure } of tasks) {
    const why = failure?.reason ?? waitsFor?.detail ?? waitsFor?.cause;
    const name = why === undefined ? status : `${status} (${why})`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}
