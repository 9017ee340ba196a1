import type { Judged, Result } from '../load/judge.ts';
import { percentiles } from '#cli/load/tally.ts';
import type { Phase } from '../load/day.ts';
import { hasEnded } from '#client/wait.ts';
import type { LoadTest } from '../load/load-test.ts';
import type { DrivenDay, Sample } from './drive-day.ts';

/** Reply times of a set of messages, in milliseconds. */
export interface ReplyTimes {
  readonly messages: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** The results of a day of the support system. Times are in milliseconds. */
export interface Figures {
  readonly sent: number;
  /** Messages whose task ended. */
  readonly answered: number;
  /** Messages sent but never accepted, or accepted but never ended: must be 0. */
  readonly lost: number;
  /** Rejected messages, by the last response. */
  readonly refused: Readonly<Record<string, number>>;
  /** Tasks that no sent message accounts for: must be 0. */
  readonly doubled: number;
  /** From before the first attempt to send a message until its task ended. */
  readonly reply: {
    readonly all: ReplyTimes;
    readonly peak: ReplyTimes;
    readonly climb: ReplyTimes;
    /** The hour of the day with the longest mean. */
    readonly worstHour: ReplyTimes & { readonly hour: number };
  };
  /** How many were resolved and escalated, and what went wrong. */
  readonly judged: Judged;
  /** 429 responses of the webhook. */
  readonly webhookThrottles: number;
  /** Busy workers: the fewest and the most in any second of the day. */
  readonly workers: { readonly least: number; readonly most: number };
}

export interface Reply {
  /** When the message was due, in milliseconds since the start. */
  readonly atMs: number;
  readonly ms: number;
}

/** The messages whose task ended. Sending times come from the command's clock, end times from the fleet's. */
export function results({ arrivals }: LoadTest, { sent, tasks }: DrivenDay): readonly Result[] {
  const byTask = new Map(tasks.filter(hasEnded).map((task) => [task.id, task]));
  return arrivals.flatMap(({ message: { id } }) => {
    const { at = 0, taskId } = sent.get(id) ?? {};
    const task = byTask.get(taskId ?? '');
    if (task === undefined) return [];
    const endedAt = Date.parse(task.finishedAt ?? '');
    // A list has no outputs. A task that succeeded was resolved, since the outcome "escalate" ends it as escalated.
    const { status } = task;
    return [{ id, status, output: undefined, acceptedAt: at, endedAt, usd: task.spent.usd }];
  });
}

/** The reply time of each answered message. */
export function replies({ arrivals }: LoadTest, ended: readonly Result[]): readonly Reply[] {
  const byId = new Map(ended.map((result) => [result.id, result]));
  return arrivals.flatMap(({ atMs, message }) => {
    const result = byId.get(message.id);
    return result === undefined ? [] : [{ atMs, ms: result.endedAt - result.acceptedAt }];
  });
}

export function figures(
  loadTest: LoadTest,
  day: DrivenDay,
  judged: Judged,
  timed: readonly Reply[],
  seconds: number,
): Figures {
  const sent = [...day.sent.values()];
  const known = new Set(sent.flatMap(({ taskId }) => taskId ?? []));
  const refused = Object.entries(Object.groupBy(sent, ({ refusal }) => refusal ?? ''));
  return {
    sent: sent.length,
    answered: timed.length,
    lost: sent.length - timed.length,
    refused: Object.fromEntries(refused.flatMap(([why, some = []]) => (why === '' ? [] : [[why, some.length]]))),
    doubled: day.tasks.filter(({ id }) => !known.has(id)).length,
    reply: {
      all: replyTimes(timed),
      peak: replyTimes(within(timed, loadTest.peak)),
      climb: replyTimes(within(timed, loadTest.climb)),
      worstHour: worstHour(timed, seconds),
    },
    judged,
    webhookThrottles: sent.reduce((sum, { throttles }) => sum + throttles, 0),
    workers: workers(day.samples, seconds),
  };
}

const within = (timed: readonly Reply[], { fromMs, toMs }: Phase): readonly Reply[] =>
  timed.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);

export function replyTimes(timed: readonly Reply[]): ReplyTimes {
  const times = timed.map(({ ms }) => ms);
  const { p50, p95 } = percentiles(times);
  const mean = times.length === 0 ? null : Math.round(times.reduce((sum, ms) => sum + ms, 0) / times.length);
  return { messages: times.length, mean, p50, p95 };
}

const HOURS = 24;

/** Messages after midnight count towards the last hour. */
function worstHour(timed: readonly Reply[], seconds: number): Figures['reply']['worstHour'] {
  const hourOf = ({ atMs }: Reply): number => Math.min(HOURS - 1, Math.floor((atMs / (seconds * 1_000)) * HOURS));
  const hours = Array.from({ length: HOURS }, (_, hour) => ({
    hour,
    ...replyTimes(timed.filter((reply) => hourOf(reply) === hour)),
  }));
  return hours.reduce((worst, each) => ((each.mean ?? 0) > (worst.mean ?? 0) ? each : worst));
}

function workers(samples: readonly Sample[], seconds: number): Figures['workers'] {
  const busy = samples.filter(({ atMs }) => atMs <= seconds * 1_000).map(({ busy }) => busy);
  return { least: Math.min(...busy), most: Math.max(...busy) };
}
