import { setTimeout } from 'node:timers/promises';
import { FleetError, type FleetClient } from '#client/index.ts';
import type { TaskView } from '#client/types.ts';

const EVERY_MS = 250;

/** Tasks of the assistant that are submitted one after another while something else happens. */
export class Traffic {
  readonly #ids: string[] = [];
  readonly #stopped = new AbortController();
  readonly #submitting: Promise<void>;

  constructor(client: FleetClient, signal: AbortSignal) {
    this.#submitting = this.#submit(client, AbortSignal.any([signal, this.#stopped.signal]));
    // `stop` reports it.
    this.#submitting.catch(() => {});
  }

  async #submit(client: FleetClient, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const number = this.#ids.length;
      const { id } = await client.submit({ agent: 'assistant', instruction: `What is ${number} times 3?` });
      this.#ids.push(id);
      await setTimeout(EVERY_MS, undefined, { signal }).catch(() => {});
    }
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
