import { setTimeout as delay } from 'node:timers/promises';
import { FleetError } from '#client/fleet-error.ts';
import { isRetryable, transport, type Transport } from '#client/transport.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { acceptedSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { ApiClient } from '../api/client.ts';
import { newKeyFor } from '../api/new-key.ts';
import type { Target } from '../api/target.ts';
import type { LoadOptions } from './options.ts';
import type { Tally } from './tally.ts';
import type { Work } from './system-load.ts';

export interface LoadRun {
  readonly id: string;
  readonly target: Target;
  readonly options: LoadOptions;
  readonly work: Work;
  /** When to submit each task, in milliseconds from the start. */
  readonly times: readonly number[];
  readonly tally: Tally;
  /** Stops it early; the report covers what was accepted until then. */
  readonly signal: AbortSignal;
  readonly onProgress: () => void;
}

const TRIES = 8;
const MAX_PAUSE_MS = 10_000;
const LOOK_EVERY_MS = 2_000;
/** How much the clocks of this machine and the fleet may differ. */
const CLOCK_SKEW_MS = 300_000;

/** Submits the tasks on schedule, then polls until all have ended, the patience is over, or it is interrupted. */
export async function runLoad(run: LoadRun): Promise<void> {
  const startedAt = Date.now();
  const submitting = { until: Infinity, done: false };
  const submitted = submitAll(run, startedAt).then(() => {
    submitting.until = Date.now() + run.options.patience;
    submitting.done = true;
  });
  const over = (): boolean =>
    submitting.done && (run.tally.pending === 0 || run.signal.aborted || Date.now() > submitting.until);
  while (!over()) {
    // A fleet under load may not answer a poll; the next one sees everything.
    await look(run, startedAt).catch(() => undefined);
    run.onProgress();
    await delay(LOOK_EVERY_MS);
  }
  await submitted;
  // The last poll counts, and sees late duplicates.
  await look(run, startedAt);
}

async function submitAll(run: LoadRun, startedAt: number): Promise<void> {
  const send = transport({ url: run.target.url, key: run.target.key, attempts: 1 });
  const underway: Promise<void>[] = [];
  for (const [nth, at] of run.times.entries()) {
    await delay(Math.max(0, startedAt + at - Date.now()), undefined, { signal: run.signal }).catch(() => undefined);
    const work = run.signal.aborted ? undefined : run.work.of(nth);
    if (work === undefined) break;
    underway.push(submitOne(run, send, String(nth), work));
  }
  await Promise.all(underway);
}

/** Submits one task, with retries under its idempotency key: a lost response does not create a second task. */
async function submitOne(
  { id, target, options, tally, signal }: LoadRun,
  send: Transport,
  nth: string,
  work: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { agent, priority } = options;
  const body = { agent, priority, ...work, metadata: { load: id, nth } };
  // In several regions a key that names none is one of the first region's home, wherever the load goes.
  const idempotencyKey = target.region === undefined ? `${id}-${nth}` : newKeyFor(target, work['sessionId']);
  const call = { method: 'POST', path: taskOperations.submitTask.path, body, idempotencyKey } as const;
  const startedAt = performance.now();
  tally.sent();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await send<unknown>(call);
      return tally.accepted(nth, acceptedSchema.parse(answer.body).id, performance.now() - startedAt);
    } catch (error) {
      if (!(error instanceof FleetError)) return tally.refused('an unexpected response');
      if (error.status === 429) tally.throttled();
      if (attempt >= TRIES || !isRetryable(error) || signal.aborted)
        return tally.refused(error.status === 0 ? 'no answer' : String(error.status));
      await delay(error.retryAfterMs ?? Math.min(MAX_PAUSE_MS, 250 * 2 ** (attempt - 1)));
    }
  }
}

const PAGE = 100;

/** Lists the load test's tasks, 100 per request: a request per task would be a load of its own. */
async function look({ target, options, tally }: LoadRun, startedAt: number): Promise<void> {
  const api = new ApiClient(target);
  const from = new Date(startedAt - CLOCK_SKEW_MS).toISOString();
  let cursor: string | undefined;
  do {
    const query = { agent: options.agent, from, limit: PAGE, cursor };
    const page = await api.call(taskOperations.listTasks, taskPageSchema, { query });
    for (const task of page.tasks) tally.seen(task);
    cursor = page.next;
  } while (cursor !== undefined);
}
