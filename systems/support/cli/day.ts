import { setTimeout as delay } from 'node:timers/promises';
import { taskPageSchema, type TaskPage } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { Rehearsal } from '../load/rehearse.ts';
import type { PoolState, SupportPlace } from './place.ts';
import { shopWebhook, type Delivery } from './webhook.ts';

type ListedTask = TaskPage['tasks'][number];

/** A message that was sent. */
export interface Sent extends Delivery {
  /** Milliseconds since the epoch, before the first try. */
  readonly at: number;
}

/** How the pool stood at a moment of the day. */
export interface Sample extends PoolState {
  /** Milliseconds from the start. */
  readonly atMs: number;
}

/** A day as it went. */
export interface DrivenDay {
  /** By the id of the message. */
  readonly sent: ReadonlyMap<string, Sent>;
  /** The tasks that the fleet has of this day, as they stand. */
  readonly tasks: readonly ListedTask[];
  readonly samples: readonly Sample[];
}

export interface DayOptions {
  /** Begins the ids of its threads. */
  readonly id: string;
  readonly agent: string;
  /** Milliseconds to wait for the ends after the last message. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly onSample: (sample: Sample, sent: number) => void;
}

const SAMPLE_MS = 1_000;
const LOOK_EVERY_MS = 1_000;

/** Sends the messages at their times, whatever the fleet does, and waits for all answers. */
export async function driveDay(place: SupportPlace, rehearsal: Rehearsal, options: DayOptions): Promise<DrivenDay> {
  const send = shopWebhook(place.url, await place.webhookSecret());
  const startedAt = Date.now();
  const sent = new Map<string, Sent>();
  const over = new AbortController();
  const sampling = sample(place, startedAt, over.signal, (one) => options.onSample(one, sent.size));
  const underway: Promise<void>[] = [];
  for (const { atMs, message } of rehearsal.arrivals) {
    await delay(Math.max(0, startedAt + atMs - Date.now()), undefined, options).catch(() => undefined);
    if (options.signal.aborted) break;
    const at = Date.now();
    const { truth: _truth, turn: _turn, ...words } = message;
    underway.push(send(words).then((delivery) => void sent.set(message.id, { at, ...delivery })));
  }
  await Promise.all(underway);
  const tasks = await awaitEnds(place, startedAt, sent, options);
  over.abort();
  return { sent, tasks, samples: await sampling };
}

async function sample(
  place: SupportPlace,
  startedAt: number,
  over: AbortSignal,
  tell: (sample: Sample) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  while (!over.aborted) {
    // A fleet under load may leave a look unanswered; the next one tells.
    const state = await place.pool().catch(() => null);
    if (state !== null) {
      samples.push({ atMs: Date.now() - startedAt, ...state });
      tell(samples.at(-1) as Sample);
    }
    await delay(SAMPLE_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return samples;
}

const ENDS: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'escalated']);

export const hasEnded = ({ status }: Pick<ListedTask, 'status'>): boolean => ENDS.has(status);

/** Waits until the pool is idle, then lists; and again while something has not ended. */
async function awaitEnds(
  place: SupportPlace,
  startedAt: number,
  sent: ReadonlyMap<string, Sent>,
  { id, agent, patienceMs, signal }: DayOptions,
): Promise<readonly ListedTask[]> {
  const taken = new Set([...sent.values()].flatMap(({ taskId }) => taskId ?? []));
  const until = Date.now() + patienceMs;
  for (;;) {
    const idle = await place.pool().then(
      ({ waiting, busy }) => waiting + busy === 0,
      () => false,
    );
    const isLast = signal.aborted || Date.now() > until;
    if (idle || isLast) {
      const tasks = await list(place, agent, startedAt, id);
      const ended = tasks.filter((task) => taken.has(task.id) && hasEnded(task)).length;
      if (ended === taken.size || isLast) return tasks;
    }
    await delay(LOOK_EVERY_MS);
  }
}

const PAGE = 100;
/** Accepted a little before by the fleet's clock. */
const CLOCK_SKEW_MS = 5_000;

async function list({ api }: SupportPlace, agent: string, startedAt: number, id: string): Promise<ListedTask[]> {
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
