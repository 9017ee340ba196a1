interface Metrics {
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[];
  /** Seconds of a period. */
  readonly step: number;
}

interface Point {
  readonly x: Date;
  readonly y: number;
}

/** A series as a chart takes it; empty if the answer has none. */
export const pointsOf = ({ series }: Metrics, name: string, factor = 1): Point[] =>
  (series.find((each) => each.name === name)?.points ?? []).map(([at, value]) => ({
    x: new Date(at),
    y: value * factor,
  }));

/** A series of sums as a rate by the hour. */
export const perHour = (metrics: Metrics, name: string, factor = 1): Point[] =>
  pointsOf(metrics, name, (factor * 3_600) / metrics.step);

/**
 * Series of counts over the same times, as a chart takes them that adds one to the other: each step from the first to the
 * last one of any, with 0 where nothing was counted. Empty if there is nothing.
 */
export function countsOf(metrics: Metrics, names: readonly string[]): Point[][] {
  const counted = names.map((name) => new Map(pointsOf(metrics, name).map(({ x, y }) => [x.getTime(), y])));
  const times = counted.flatMap((each) => [...each.keys()]);
  if (times.length === 0) return names.map(() => []);
  const [first, last, step] = [Math.min(...times), Math.max(...times), metrics.step * 1_000];
  // A single time has no width, so the step before it is shown too.
  const from = first === last ? first - step : first;
  const steps = Array.from({ length: Math.round((last - from) / step) + 1 }, (_, index) => from + index * step);
  return counted.map((each) => steps.map((at) => ({ x: new Date(at), y: each.get(at) ?? 0 })));
}
