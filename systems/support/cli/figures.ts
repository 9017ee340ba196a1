import type { Judged, Result } from '../load/judge.ts';
import { percentiles } from '#cli/load/tally.ts';
import type { Phase } from '../load/day.ts';
import type { Rehearsal } from '../load/rehearse.ts';
import { hasEnded, type DrivenDay, type Sample } from './day.ts';

/** Reply times of some messages, in milliseconds. */
export interface ReplyTimes {
  readonly messages: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** What a day of the support system came to. Times are in milliseconds. */
export interface Figures {
  readonly sent: number;
  /** Messages whose task ended, by its status. */
  readonly answered: number;
  /** Sent and never taken, or taken and never ended: must be 0. */
  readonly lost: number;
  /** Never taken, by what was answered. */
  readonly refused: Readonly<Record<string, number>>;
  /** Messages that became more than one task: must be 0. */
  readonly doubled: number;
  /** From before the first try of sending a message to the end of its task. */
  readonly reply: {
    readonly all: ReplyTimes;
    readonly peak: ReplyTimes;
    readonly climb: ReplyTimes;
    /** The hour of the day with the longest mean. */
    readonly worstHour: ReplyTimes & { readonly hour: number };
  };
  /** Resolved and escalated, and what must be none: resolved though a person was needed, refunds doubled or undue. */
  readonly judged: Judged;
  /** Answers 429 of the webhook, each followed by another try. */
  readonly webhookThrottles: number;
  /** Workers at work: the fewest and the most in any second of the day. */
  readonly workers: { readonly least: number; readonly most: number };
}

export interface Reply {
  /** When the message was to be sent, from the start. */
  readonly atMs: number;
  readonly ms: number;
}

/** Messages with the end of their task, by the command's clock for the sending and the fleet's for the end. */
export function results({ arrivals }: Rehearsal, { sent, tasks }: DrivenDay): readonly Result[] {
  const byTask = new Map(tasks.filter(hasEnded).map((task) => [task.id, task]));
  return arrivals.flatMap(({ message: { id } }) => {
    const { at = 0, taskId } = sent.get(id) ?? {};
    const task = byTask.get(taskId ?? '');
    if (task === undefined) return [];
    const endedAt = Date.parse(task.finishedAt ?? '');
    // A list shows no outputs: what succeeded was resolved, since the agent's word "escalate" makes the status.
    const status = task.status as Result['status'];
    return [{ id, status, output: undefined, acceptedAt: at, endedAt, usd: task.spent.usd }];
  });
}

/** How long each answered message waited for its answer. */
export function replies({ arrivals }: Rehearsal, ended: readonly Result[]): readonly Reply[] {
  const byId = new Map(ended.map((result) => [result.id, result]));
  return arrivals.flatMap(({ atMs, message }) => {
    const result = byId.get(message.id);
    return result === undefined ? [] : [{ atMs, ms: result.endedAt - result.acceptedAt }];
  });
}

export function figures(
  rehearsal: Rehearsal,
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
      peak: replyTimes(within(timed, rehearsal.peak)),
      climb: replyTimes(within(timed, rehearsal.climb)),
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

/** What comes after midnight counts to the last hour. */
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
