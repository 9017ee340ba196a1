import type { JudgedAlert, SimulatedMarket } from '@agent-fleet/simulated-market';
import { accountOf } from './account.ts';
import { holdingsForJudge } from './demo-portfolios.ts';
import type { MarketOfFleet } from './own-fleet.ts';
import type { Played } from './play-day.ts';
import type { Received } from './receiver.ts';

/** What a played day came to. Keys of `--json`. */
export interface DemoResult {
  /** Valid events that were sent, each once. */
  readonly events: number;
  readonly lost: number;
  readonly doubled: number;
  /** Subjects whose newest bar is not the newest that was sent. */
  readonly outOfOrder: number;
  readonly modelCalls: number;
  readonly alerts: {
    /** Urgent incidents that the simulated market made for the portfolios. */
    readonly urgent: number;
    readonly missed: number;
    readonly false: number;
    readonly duplicates: number;
    /** From the event's arrival in the stream to the receiver. */
    readonly p95Ms: number;
    readonly analysisP95Ms: number;
  };
  readonly digests: number;
  /** What was waited for in vain. Events that the router had not read by then count as lost. */
  readonly unfinished: readonly string[];
}

/** Compares what people got and what the router remembers with what was sent. */
export async function resultOf(market: MarketOfFleet, simulated: SimulatedMarket, played: Played): Promise<DemoResult> {
  const events = Object.values(simulated.truth.counts().events).reduce((sum, each) => sum + each, 0);
  const { handled, windows, outOfOrder } = await accountOf(market.table, newestBars(simulated));
  const alerts = played.received.filter(({ why }) => why === 'first' || why === 'escalated');
  const urgent = alerts.filter(({ data }) => data.severity === 'urgent');
  const verdicts = holdingsForJudge().map((portfolio) =>
    simulated.truth.judge(urgent.filter(({ data }) => data.portfolio === portfolio.id).map(judged), portfolio),
  );
  const sum = (of: (verdict: (typeof verdicts)[number]) => number): number =>
    verdicts.reduce((total, each) => total + of(each), 0);
  return {
    events,
    lost: Math.max(0, events - handled),
    doubled: Math.max(0, handled - events),
    outOfOrder,
    modelCalls: windows,
    alerts: {
      urgent: sum((each) => each.urgent),
      missed: sum((each) => each.missed),
      false: sum((each) => each.false),
      duplicates: sum((each) => each.duplicates),
      p95Ms: percentile(
        urgent.map((each) => latency(each, played)),
        0.95,
      ),
      analysisP95Ms: percentile(
        played.received.filter(({ why }) => why === 'analysis').map((each) => latency(each, played)),
        0.95,
      ),
    },
    digests: new Set(played.digests.map(({ id }) => id)).size,
    unfinished: played.unfinished,
  };
}

const judged = ({ data }: Received): JudgedAlert => ({
  subject: data.subject,
  source: data.event.source,
  eventId: data.event.id,
  severity: data.severity,
  cause: data.cause,
  group: data.alert,
});

const latency = ({ at, data: { event } }: Received, { sentAt }: Played): number =>
  at - (sentAt.get(`${event.source} ${event.id}`) ?? at);

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
}

/** The newest start of a bar of each subject. */
function newestBars(simulated: SimulatedMarket): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { key, bytes } of simulated.records()) {
    const text = Buffer.from(bytes.subarray(0, 4_000)).toString('utf8');
    const start = /"type":"market\.bar\.v1"/.test(text) ? /"start":"([^"]+)"/.exec(text)?.[1] : undefined;
    if (start !== undefined) newest.set(key, Math.max(newest.get(key) ?? 0, Date.parse(start)));
  }
  return newest;
}
