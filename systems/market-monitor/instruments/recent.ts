import { percent } from './measures.ts';
import { NO_PEAKS, type Peaks, type RecentBar, type Usual } from './state.ts';

const FAST_MS = 5 * 60_000;
const MIN_RECENT = 6;
const MAX_RECENT = 40;

const endOf = ({ s, d }: RecentBar): number => s + d * 1_000;

/** Puts a bar into its place. A bar with the same start is replaced. */
export function withBar(recent: readonly RecentBar[], bar: RecentBar): RecentBar[] {
  return [...recent.filter(({ s }) => s !== bar.s), bar].toSorted((one, other) => one.s - other.s);
}

/** Parts bars into those that stay recent and those that a correction no longer changes. */
export function parted(bars: readonly RecentBar[]): { readonly recent: RecentBar[]; readonly settled: RecentBar[] } {
  const last = bars.at(-1);
  if (last === undefined) return { recent: [], settled: [] };
  const from = endOf(last) - FAST_MS - last.d * 1_000;
  const first = bars.findIndex((bar) => endOf(bar) > from);
  const keep = Math.min(MAX_RECENT, Math.max(MIN_RECENT, bars.length - first));
  return { recent: bars.slice(-keep), settled: bars.slice(0, -keep) };
}

/**
 * The furthest move of the session to the bar's close from a price of the five minutes before it: the last close before
 * them, which was the price then, and all opens and closes since. A wick that closes back is no move.
 */
export function fastMove(recent: readonly RecentBar[], bar: RecentBar): number {
  const from = endOf(bar) - FAST_MS;
  let furthest = 0;
  const consider = (price: number): void => {
    const move = percent(price, bar.c);
    if (Math.abs(move) > Math.abs(furthest)) furthest = move;
  };
  const before = recent.filter(({ s }) => s < bar.s);
  const then = before.findLast((each) => endOf(each) <= from);
  if (then !== undefined) consider(then.c);
  for (const each of before) {
    if (each.s >= from) consider(each.o);
    if (endOf(each) > from) consider(each.c);
  }
  if (bar.s >= from) consider(bar.o);
  return furthest;
}

/** The furthest moves among recent bars and those before them. */
export function peaksOf(settled: Peaks, recent: readonly RecentBar[]): Peaks {
  return recent.reduce((peaks, bar) => further(peaks, fastMove(recent, bar), percent(bar.p, bar.c)), settled);
}

export function further(peaks: Peaks, fast: number, day: number): Peaks {
  return {
    ...peaks,
    fastUp: Math.max(peaks.fastUp, fast),
    fastDown: Math.max(peaks.fastDown, -fast),
    dayUp: Math.max(peaks.dayUp, day),
    dayDown: Math.max(peaks.dayDown, -day),
  };
}

/** The peaks of bars that leave the recent ones. */
export function settledPeaks(
  peaks: Peaks | undefined,
  bars: readonly RecentBar[],
  settled: readonly RecentBar[],
): Peaks {
  return settled.reduce((all, bar) => further(all, fastMove(bars, bar), percent(bar.p, bar.c)), peaks ?? NO_PEAKS);
}

/** Weight of a bar: about the last 80 count, a session of five-minute bars. */
const WEIGHT = 0.025;
const FIVE_MINUTES = 300;

export const logReturn = ({ o, c, d }: RecentBar): number => Math.log(c / o) / Math.sqrt(d / FIVE_MINUTES);
export const logVolume = ({ v, d }: RecentBar): number => Math.log((v + 1) / (d / FIVE_MINUTES));

/** Learns from a bar that no correction changes any more, so that an unusual bar is not compared with itself. */
export function learn(usual: Usual | undefined, bar: RecentBar): Usual {
  const before = usual ?? { bars: 0, return: 0, returnVariance: 0, volume: 0, volumeVariance: 0 };
  const weight = Math.max(WEIGHT, 1 / (before.bars + 1));
  const [returned, returnVariance] = weighted(before.return, before.returnVariance, logReturn(bar), weight);
  const [volume, volumeVariance] = weighted(before.volume, before.volumeVariance, logVolume(bar), weight);
  return { ...before, bars: before.bars + 1, return: returned, returnVariance, volume, volumeVariance };
}

/** One step of an exponentially weighted mean and variance. */
function weighted(mean: number, variance: number, value: number, weight: number): [number, number] {
  const difference = value - mean;
  return [mean + weight * difference, (1 - weight) * (variance + weight * difference * difference)];
}
