import { NEVER_MINUTES, type Measures } from './measures.ts';
import { logReturn, logVolume } from './recent.ts';
import type { RecentBar, SubjectState } from './state.ts';

/** Bars that must be known before "usual" means anything. */
const MIN_BARS = 6;
/** The first bars of a session have several times the usual volume. */
const OPENING_BARS = 3;
/** Deviations are never taken for less, so that a quiet hour does not make noise unusual. */
const MIN_RETURN_DEVIATION = 0.0008;
const MIN_VOLUME_DEVIATION = 0.35;
const UNUSUAL_Z = 4;
const UNUSUAL_VOLATILITY = 3;

/** Compares a bar with what is usual. Returns when something unusual was last seen, by its name. */
export function measureUsual(
  measures: Measures,
  { usual, seen = {} }: SubjectState,
  bars: readonly RecentBar[],
  bar: RecentBar,
): Record<string, number> {
  if (usual === undefined || usual.bars < MIN_BARS || measures.sessionBars <= OPENING_BARS) return { ...seen };
  const deviation = Math.max(MIN_RETURN_DEVIATION, Math.sqrt(usual.returnVariance));
  measures.returnZ = rounded((logReturn(bar) - usual.return) / deviation);
  const volumeDeviation = Math.max(MIN_VOLUME_DEVIATION, Math.sqrt(usual.volumeVariance));
  measures.volumeZ = rounded((logVolume(bar) - usual.volume) / volumeDeviation);
  const squares = bars.map((each) => logReturn(each) ** 2);
  measures.volatilityRatio = rounded(Math.sqrt(meanOf(squares)) / deviation);
  const average = meanOf(bars.map(({ c }) => Math.log(c)));
  measures.bandZ = rounded((Math.log(bar.c) - average) / (deviation * Math.sqrt(bars.length)));
  measures.volumeQuietMinutes = minutesSince(seen['volume'], bar.s);
  measures.returnQuietMinutes = minutesSince(seen['return'], bar.s);
  measures.volatilityQuietMinutes = minutesSince(seen['volatility'], bar.s);
  return {
    ...seen,
    ...(measures.volumeZ >= UNUSUAL_Z && { volume: bar.s }),
    ...(Math.abs(measures.returnZ) >= UNUSUAL_Z && { return: bar.s }),
    ...(measures.volatilityRatio >= UNUSUAL_VOLATILITY && { volatility: bar.s }),
  };
}

/** Whole and half minutes do not matter: a clock that goes back counts as 0. */
export const minutesSince = (then: number | undefined, now: number): number =>
  then === undefined ? NEVER_MINUTES : Math.max(0, (now - then) / 60_000);

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
