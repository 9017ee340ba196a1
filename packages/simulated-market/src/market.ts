import type { Session } from './calendar/sessions.ts';
import type { Instrument } from './instruments/instruments.ts';
import type { Holdings } from './instruments/portfolios.ts';
import { optionsSchema, type SimulatedMarketOptions } from './options.ts';
import { buildWorld } from './plan/world.ts';
import { recordsOfDay, type MarketRecord } from './records.ts';
import { Counter, type Counts } from './truth/counts.ts';
import { incidentsOf, type Incident } from './truth/incidents.ts';
import { judge, type JudgedAlert, type Verdict } from './truth/judge.ts';
import { worstLossOf, type Loss } from './truth/losses.ts';

/** A simulated day. */
export interface SimulatedMarket {
  readonly session: Session;
  readonly instruments: readonly Instrument[];
  /** The records of the day in order of arrival. Each call starts again with the same bytes. */
  records(): Generator<MarketRecord>;
  readonly truth: MarketTruth;
}

export interface MarketTruth {
  /** Urgent incidents, and others that only look like it (`urgent: false`), by time. */
  readonly incidents: readonly Incident[];
  /** The counts of the records. The first call generates the day once, if nobody has read it to its end. */
  counts(): Counts;
  /** The largest loss of a share since its previous close, per share. Null if there was none. */
  worstLoss(subject: string): Loss | null;
  /** Compares the alerts of one portfolio with the incidents. */
  judge(alerts: readonly JudgedAlert[], portfolio: Holdings): Verdict;
}

/** A day with the options. Throws a `ZodError` that names an invalid one, or an error about the day. */
export function simulateMarket(options: SimulatedMarketOptions = {}): SimulatedMarket {
  const world = buildWorld(optionsSchema.parse(options));
  const incidents = incidentsOf(world);
  let complete: Counts | null = null;

  function* records(): Generator<MarketRecord> {
    const counter = new Counter();
    yield* recordsOfDay(world, counter);
    complete = counter.counts;
  }

  function counts(): Counts {
    if (complete === null) for (const _ of records());
    return complete as unknown as Counts;
  }

  return {
    session: world.session,
    instruments: world.instruments,
    records,
    truth: {
      incidents,
      counts,
      worstLoss: (subject) => worstLossOf(world, subject),
      judge: (alerts, portfolio) => judge(world, incidents, alerts, portfolio),
    },
  };
}
