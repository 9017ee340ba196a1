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
