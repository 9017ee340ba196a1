interface UsageRow {
  readonly day: string;
  readonly agent: string;
  readonly usd: number;
}

interface UsageSeries {
  readonly days: readonly string[];
  /** The dearest agent first; `usd` is in the order of the days. */
  readonly series: readonly { readonly agent: string; readonly usd: readonly number[] }[];
}

/** Rows of usage as one series for each agent, with zero for days without a row. */
export function seriesOf(rows: readonly UsageRow[]): UsageSeries {
  const days = [...new Set(rows.map(({ day }) => day))].toSorted();
  const agents = new Map<string, number[]>();
  for (const { day, agent, usd } of rows) {
    const series = agents.get(agent) ?? days.map(() => 0);
    const at = days.indexOf(day);
    series[at] = (series[at] ?? 0) + usd;
    agents.set(agent, series);
  }
  const whole = (usd: readonly number[]): number => usd.reduce((sum, each) => sum + each, 0);
  const series = [...agents].map(([agent, usd]) => ({ agent, usd })).toSorted((a, b) => whole(b.usd) - whole(a.usd));
  return { days, series };
}
