import { FleetError } from './fleet-error.ts';
import { inParallel } from './in-parallel.ts';
import { Patience, type WaitOptions } from './patience.ts';
import { isRetryable, type Transport } from './transport.ts';
import type { EndedTask, WaitedFor } from './types.ts';
import { pollForEnd } from './wait.ts';

/** Tasks of one request (API limit). */
const TASKS_AT_ONCE = 100;
/** Such requests per client: tasks end about in their order, so few are needed. The API serves about 50 across all clients. */
const WAITS_AT_ONCE = 2;
/** Tasks that each of them waits for by themselves, where that is needed. */
const ONES_AT_ONCE = 8;
/** Milliseconds for all last requests together, after the time is over. */
const LAST_LOOK_MS = 1_000;

/** A task, or why it cannot be waited for any longer. */
type End = EndedTask | FleetError;

/** Polls until all tasks have ended, and returns what became of each. Throws only the signal's reason. */
export async function waitForAll(
  send: Transport,
  ids: readonly string[],
  options: WaitOptions,
): Promise<(id: string) => End> {
  const waiting = new Waiting(send, new Patience(options));
  await inParallel(groupsOf(ids), WAITS_AT_ONCE, (group) => waiting.until(group));
  return (id) => waiting.endOf(id);
}

function* groupsOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += TASKS_AT_ONCE) yield ids.slice(at, at + TASKS_AT_ONCE);
}

class Waiting {
  readonly #ends = new Map<string, End>();
  readonly #send: Transport;
  readonly #patience: Patience;
  #lastLook: AbortSignal | undefined;

  constructor(send: Transport, patience: Patience) {
    this.#send = send;
    this.#patience = patience;
  }

  endOf(id: string): End {
    const end = this.#ends.get(id);
    if (end === undefined) throw new Error(`The task ${id} was not waited for.`);
    return end;
  }

  /** Waits for the tasks of one request. */
  async until(ids: readonly string[]): Promise<void> {
    for (let pending = ids; pending.length > 0;) {
      try {
        const retryAfterMs = await this.#ask(pending, this.#patience.nextSeconds(), this.#patience.stop);
        pending = this.#open(pending);
        if (pending.length > 0) await this.#patience.pause(retryAfterMs);
      } catch (error) {
        await this.#failed(this.#open(pending), error);
        return;
      }
    }
  }

  #open(ids: readonly string[]): readonly string[] {
    return ids.filter((id) => !this.#ends.has(id));
  }

  async #ask(ids: readonly string[], wait: number, signal: AbortSignal | undefined): Promise<number | undefined> {
    const call = { method: 'POST', path: '/tasks/wait', body: { ids, wait }, signal } as const;
    const { body, retryAfterMs } = await this.#send<WaitedFor>(call);
    // The API returns only tasks that have ended.
    for (const task of body.ended) this.#ends.set(task.id, task as EndedTask);
    await this.#oneByOne(body.problems.map(({ id }) => id));
    return retryAfterMs;
  }

  async #failed(pending: readonly string[], error: unknown): Promise<void> {
    if (this.#patience.isOver) return this.#timedOut(pending, error);
    if (!(error instanceof FleetError)) throw error;
    if (isRetryable(error)) for (const id of pending) this.#ends.set(id, error);
    // A fleet of an earlier release does not have the operation.
    else await this.#oneByOne(pending);
  }

  /** The request that was broken off would have returned those of its tasks that have ended. */
  async #timedOut(pending: readonly string[], error: unknown): Promise<void> {
    this.#lastLook ??= AbortSignal.timeout(LAST_LOOK_MS);
    await this.#ask(pending, 0, this.#lastLook).catch(() => undefined);
    for (const id of this.#open(pending)) this.#ends.set(id, this.#patience.timedOut(id, error));
  }

  /** In several regions, another one may have a task that is missing in the first. */
  async #oneByOne(ids: readonly string[]): Promise<void> {
    await inParallel(ids, ONES_AT_ONCE, (id) => this.#one(id));
  }

  async #one(id: string): Promise<void> {
    try {
      this.#ends.set(id, await pollForEnd(this.#send, id, this.#patience));
    } catch (error) {
      if (!(error instanceof FleetError)) throw error;
      this.#ends.set(id, error);
    }
  }
}
