import type { JudgedAlert, MarketRecord, SimulatedMarket, Verdict } from '@agent-fleet/simulated-market';
import { nameOf } from '../../cli/market/latency.ts';

/** Before the opening bell, in milliseconds of the day: what moves prices at the open is known then. */
const BEFORE_OPEN_MS = 10 * 60_000;
const SECOND_MS = 1_000;

/** The records of a day: all, or so many from shortly before the opening bell. */
export function sliceOf(simulated: SimulatedMarket, count: number): readonly MarketRecord[] {
  const all = simulated.records().toArray();
  if (count >= all.length) return all;
  const opening = all.findIndex(({ at }) => at >= simulated.session.open - BEFORE_OPEN_MS);
  const start = Math.min(opening, all.length - count);
  return all.slice(start, start + count);
}

/** Groups of records of one second of the day, such as the bars of all instruments. */
export function* secondsOf(records: Iterable<MarketRecord>): Generator<readonly MarketRecord[]> {
  let group: MarketRecord[] = [];
  for (const record of records) {
    const first = group[0];
    if (first !== undefined && record.at >= first.at + SECOND_MS) {
      yield group;
      group = [];
    }
    group.push(record);
  }
  if (group.length > 0) yield group;
}

/** The truth about what was sent: an incident whose events were not sent is not missed. */
export function truthOfSent({ truth }: SimulatedMarket, sent: ReadonlySet<string>) {
  const complete = new Set(
    truth.incidents.filter(({ events }) => events.every((event) => sent.has(nameOf(event)))).map(({ id }) => id),
  );
  return {
    judge(alerts: readonly JudgedAlert[], portfolio: Parameters<SimulatedMarket['truth']['judge']>[1]): Verdict {
      const verdict = truth.judge(alerts, portfolio);
      const missedIncidents = verdict.missedIncidents.filter((id) => complete.has(id));
      const unsent = verdict.missed - missedIncidents.length;
      return { ...verdict, missedIncidents, missed: missedIncidents.length, urgent: verdict.urgent - unsent };
    },
  };
}
