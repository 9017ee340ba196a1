import { setTimeout as delay } from 'node:timers/promises';
import { taskPageSchema, type TaskPage } from '#core/api/tasks/messages.ts';
import { hasEnded } from '#client/wait.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { LoadTest } from '../load/load-test.ts';
import type { PoolState, SupportClients } from './clients.ts';
import { shopWebhook, type Delivery } from './webhook.ts';

type ListedTask = TaskPage['tasks'][number];

/** A sent message. */
export interface Sent extends Delivery {
  /** Milliseconds since the epoch, before the first attempt. */
  readonly at: number;
}

/** The state of the pool at a moment of the day. */
export interface Sample extends PoolState {
  /** Milliseconds since the start. */
  readonly atMs: number;
}

/** What happened on a day. */
export interface DrivenDay {
  /** By message id. */
  readonly sent: ReadonlyMap<string, Sent>;
  /** The tasks of this day that the fleet has. */
  readonly tasks: readonly ListedTask[];
  readonly samples: readonly Sample[];
}

export interface DriveDayOptions {
  /** Prefix of the thread ids. */
  readonly id: string;
  readonly agent: string;
  /** Milliseconds to wait after the last message for all tasks to end. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly onSample: (sample: Sample, sent: number) => void;
}

const SAMPLE_MS = 1_000;
const POLL_MS = 1_000;

/** Sends each message at its time, regardless of how fast the fleet answers, then waits until all tasks have ended. */
export async function driveDay(
  clients: SupportClients,
  loadTest: LoadTest,
  options: DriveDayOptions,
): Promise<DrivenDay> {
  const send = shopWebhook(clients.url, await clients.webhookSecret());
  const startedAt = Date.now();
  const sent = new Map<string, Sent>();
  const over = new AbortController();
  const sampling = sample(clients, startedAt, over.signal, (one) => options.onSample(one, sent.size));
  const underway: Promise<void>[] = [];
  for (const { atMs, message } of loadTest.arrivals) {
    await delay(Math.max(0, startedAt + atMs - Date.now()), undefined, options).catch(() => undefined);
    if (options.signal.aborted) break;
    const at = Date.now();
    const { truth: _truth, turn: _turn, ...shopMessage } = message;
    underway.push(send(shopMessage).then((delivery) => void sent.set(message.id, { at, ...delivery })));
  }
  await Promise.all(underway);
  const tasks = await awaitEnds(clients, startedAt, sent, options);
  over.abort();
  return { sent, tasks, samples: await sampling };
}

async function sample(
  clients: SupportClients,
  startedAt: number,
  over: AbortSignal,
  report: (sample: Sample) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  while (!over.aborted) {
    // A fleet under load may fail to respond; the next sample follows.
    const state = await clients.pool().catch(() => null);
    if (state !== null) {
      samples.push({ atMs: Date.now() - startedAt, ...state });
      report(samples.at(-1) as Sample);
    }
    await delay(SAMPLE_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return samples;
}

/** Waits until the pool is idle, then lists its tasks. Repeats until every accepted task has ended. */
async function awaitEnds(
  clients: SupportClients,
  startedAt: number,
  sent: ReadonlyMap<string, Sent>,
  { id, agent, patienceMs, signal }: DriveDayOptions,
): Promise<readonly ListedTask[]> {
  const accepted = new Set([...sent.values()].flatMap(({ taskId }) => taskId ?? []));
  const until = Date.now() + patienceMs;
  for (;;) {
    const idle = await clients.pool().then(
      ({ waiting, busy }) => waiting + busy === 0,
      () => false,
    );
    const isLast = signal.aborted || Date.now() > until;
    if (idle || isLast) {
      const tasks = await list(clients, agent, startedAt, id);
      const ended = tasks.filter((task) => accepted.has(task.id) && hasEnded(task)).length;
      if (ended === accepted.size || isLast) return tasks;
    }
    await delay(POLL_MS);
  }
}

const PAGE = 100;
/** The fleet's clock may be slightly behind. */
const CLOCK_SKEW_MS = 5_000;

async function list({ api }: SupportClients, agent: string, startedAt: number, id: string): Promise<ListedTask[]> {
  const from = new Date(startedAt - CLOCK_SKEW_MS).toISOString();
  const tasks: ListedTask[] = [];
  let cursor: string | undefined;
  do {
    const query = { agent, from, limit: PAGE, cursor };
    const page = await api.call(taskOperations.listTasks, taskPageSchema, { query });
    tasks.push(...page.tasks.filter(({ sessionId = '' }) => sessionId.startsWith(`${id}-`)));
    cursor = page.next;
  } while (cursor !== undefined);
  return tasks;
}
