import { dice } from '#core/chance/dice.ts';
import { conversations, type ConversationOptions, type LoadMessage } from './conversations.ts';

const MINUTES = 1_440;
const MINUTE_MS = 60_000;

/**
 * The distribution of a day's messages: the share of each minute, 1 in total. There are few at night, more from seven
 * on, and peaks at 11:00 and 20:00. The second peak is the higher one, at about two and a half times the mean.
 */
export function dayCurve(): readonly number[] {
  const hump = (minute: number, at: number, width: number): number => Math.exp(-(((minute - at) / width) ** 2));
  const weights = Array.from(
    { length: MINUTES },
    (_, minute) => 0.12 + hump(minute, 660, 150) + 0.6 * hump(minute, 900, 180) + 1.3 * hump(minute, 1_200, 110),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** A part of a day, in milliseconds since its start. */
export interface Phase {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The phases of a day of `seconds`. The peak is where at least nine tenths of the highest rate are reached. The climb
 * leads from the last quiet minute of the night to the peak.
 */
export function dayPhases(seconds: number): { readonly peak: Phase; readonly climb: Phase } {
  const curve = dayCurve();
  const [most, least] = [Math.max(...curve), Math.min(...curve)];
  const isPeak = (share: number): boolean => share >= 0.9 * most;
  const [from, to] = [curve.findIndex(isPeak), curve.findLastIndex(isPeak) + 1];
  const dawn = curve.slice(0, from).findLastIndex((share) => share <= 1.05 * least);
  const at = (minute: number): number => Math.round((minute / MINUTES) * seconds * 1_000);
  return { peak: { fromMs: at(from), toMs: at(to) }, climb: { fromMs: at(dawn), toMs: at(from) } };
}

export interface DayOptions extends ConversationOptions {
  /** Duration of the whole day in seconds. 86,400 is real time. */
  readonly seconds: number;
  /** The share of each minute of the day, 1 in total. @default `dayCurve()` */
  readonly curve?: readonly number[];
  /**
   * Minimum of milliseconds between the messages of a thread, since a customer reads the reply before writing again. A
   * thread may thus exceed the day. @default 0
   */
  readonly minGapMs?: number;
}

/** A uniform distribution: every minute has the same share. */
export const evenCurve = (): readonly number[] => Array.from({ length: MINUTES }, () => 1 / MINUTES);

export interface Arrival {
  /** Milliseconds since the start. */
  readonly atMs: number;
  readonly message: LoadMessage;
}

/** Generates a day of messages in order of arrival. The messages of a thread are some minutes of that day apart. */
export function supportDay({ seconds, curve = dayCurve(), minGapMs = 0, ...options }: DayOptions): readonly Arrival[] {
  const at = minutes(options.threads, curve);
  const pace = (seconds * 1_000) / (MINUTES * MINUTE_MS);
  const arrivals = conversations(options).flatMap((thread, index) => {
    const chance = dice(options.seed, 'arrival', index);
    let time = ((at[index] ?? 0) + chance.next()) * MINUTE_MS;
    let before = -minGapMs;
    return thread.map((message, turn) => {
      if (turn > 0) time += chance.int(2, 12) * MINUTE_MS;
      // Messages after midnight move to the last minute.
      const atMs = Math.round(Math.min(time, MINUTES * MINUTE_MS - 1) * pace);
      before = Math.max(atMs, before + minGapMs);
      return { atMs: before, message };
    });
  });
  return arrivals.toSorted((a, b) => a.atMs - b.atMs || a.message.turn - b.message.turn);
}

/** The minute in which each thread begins, distributed by the curve. Consecutive threads are spread over the day. */
function minutes(threads: number, curve: readonly number[]): readonly number[] {
  let [sum, minute] = [curve[0] ?? 0, 0];
  const inOrder = Array.from({ length: threads }, (_, nth) => {
    while (sum < (nth + 0.5) / threads && minute < MINUTES - 1) sum += curve[(minute += 1)] ?? 0;
    return minute;
  });
  // The stride is coprime to the number of threads, so that consecutive threads begin at different times of day.
  const stride = [7_919, 104_729].find((prime) => threads % prime !== 0) ?? 1;
  return inOrder.map((_, index) => inOrder[(index * stride) % threads] ?? 0);
}
