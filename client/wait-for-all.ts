import { FleetError } from './fleet-error.ts';
import { Patience, type WaitOptions } from './patience.ts';
import { isRetryable, type Transport } from './transport.ts';
import type { EndedTask, WaitedFor } from './types.ts';
import { pollForEnd } from './wait.ts';

/** Tasks of one request (API limit). */
const TASKS_AT_ONCE = 100;
/** Such requests per client: tasks end about in their order, so few are needed. The API serves about 50 across all clients. */
const WAITS_AT_ONCE = 2;

/** A task, or why it cannot be waited for any longer. */
type End = EndedTask | FleetError;

/** Polls until all tasks have ended, and returns what became of each. Throws only the signal's reason. */
export async function waitForAll(
  send: Transport,
  ids: readonly string[],
  options: WaitOptions,
): Promise<(id: string) => End> {
  const waiting = new Waiting(send, new Patience(options));
  const left = [...ids];
  const worker = async (): Promise<void> => {
    while (left.length > 0) await waiting.until(left.splice(0, TASKS_AT_ONCE));
  };
  await Promise.all(Array.from({ length: WAITS_AT_ONCE }, worker));
  return (id) => waiting.endOf(id);
}

class Waiting {
  readonly #ends = new Map<string, End>();
  readonly #send: Transport;
  readonly #patience: Patience;

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
    const { stop } = this.#patience;
    for (let pending = ids; pending.length > 0;) {
      try {
        const body = { ids: pending, wait: this.#patience.nextSeconds() };
        const answer = await this.#send<WaitedFor>({ method: 'POST', path: '/tasks/wait', body, signal: stop });
        // The API returns only tasks that have ended.
        for (const task of answer.body.ended) this.#ends.set(task.id, task as EndedTask);
        await this.#oneByOne(answer.body.problems.map(({ id }) => id));
        pending = pending.filter((id) => !this.#ends.has(id));
        if (pending.length > 0) await this.#patience.pause(answer.retryAfterMs);
      } catch (error) {
        await this.#failed(pending, error);
        return;
      }
    }
  }

  async #failed(pending: readonly string[], error: unknown): Promise<void> {
    if (this.#patience.isOver) for (const id of pending) this.#ends.set(id, this.#patience.timedOut(id, error));
    else if (!(error instanceof FleetError)) throw error;
    else if (isRetryable(error)) for (const id of pending) this.#ends.set(id, error);
    // A fleet of a version before does not have the operation.
    else await this.#oneByOne(pending);
  }

  /** In several regions, another one may have a task that is missing in the first. */
  async #oneByOne(ids: readonly string[]): Promise<void> {
    for (const id of ids)
      try {
        this.#ends.set(id, await pollForEnd(this.#send, id, this.#patience));
      } catch (error) {
        if (!(error instanceof FleetError)) throw error;
        this.#ends.set(id, error);
      }
  }
}
