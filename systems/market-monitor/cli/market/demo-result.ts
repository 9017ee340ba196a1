import type { JudgedAlert, MarketTruth } from '@agent-fleet/simulated-market';
import type { Account } from './account.ts';
import { holdingsForJudge } from './demo-portfolios.ts';
import { alertLatencies, analysisLatencies, isUrgentAlert, p95 } from './latency.ts';
import type { Played } from './play-day.ts';
import type { Received } from './receiver.ts';

/** What a played day came to. Keys of `--json`. */
export interface DemoResult {
  /** Valid events that were sent, each once. */
  readonly events: number;
  /** Of these, those that the router does not remember. */
  readonly lost: number;
  /** How often the router handled an event again that it had handled. */
  readonly doubled: number;
  /** Subjects whose remembered bars are not the newest that were sent, or stand in another order. */
  readonly outOfOrder: number;
  /** Messages that the model answered, or would have: each is billed. */
  readonly modelCalls: number;
  readonly alerts: {
    /** Urgent incidents that the simulated market made for the portfolios. */
    readonly urgent: number;
    readonly missed: number;
    readonly false: number;
    readonly duplicates: number;
    /** Milliseconds from the sending of an event to the receipt of its urgent alert. Null: no alert came. */
    readonly p95Ms: number | null;
    /** The same to the first analysis of the alert. */
    readonly analysisP95Ms: number | null;
    /** Urgent alerts that the halt of a market held back: nobody was notified of them, and the digests list them. */
    readonly heldBack: number;
  };
  /** Records that the router set aside, by reason. */
  readonly setAside: Readonly<Record<string, number>>;
  readonly digests: number;
  /** What was waited for in vain. Events that the router had not read by then count as lost. */
  readonly unfinished: readonly string[];
}

export interface Measured {
  /** Valid events that were sent. */
  readonly events: number;
  readonly account: Account;
  /** Events that the router handled, each as often as it did. */
  readonly applied: number;
  readonly modelCalls: number;
  readonly truth: Pick<MarketTruth, 'judge'>;
  readonly played: Played;
  readonly heldBack: number;
  readonly setAside: Readonly<Record<string, number>>;
}

/** Compares what people got and what the router did with what was sent. */
export function resultOf({ events, account, applied, modelCalls, truth, played, ...measured }: Measured): DemoResult {
  const { heldBack, setAside } = measured;
  const { lost, outOfOrder, remembered } = account;
  return {
    events,
    lost,
    doubled: Math.max(0, applied - remembered),
    outOfOrder,
    modelCalls,
    alerts: { ...judgedBy(truth, played.received.filter(isUrgentAlert)), ...latencies(played), heldBack },
    setAside,
    digests: new Set(played.digests.map(({ id }) => id)).size,
    unfinished: [...played.unfinished, ...uncounted(remembered - applied)],
  };
}

/** A router that was killed between its write and its log has handled what its log does not say. */
const uncounted = (more: number): string[] =>
  more <= 0 ? [] : [`The log of the router lacks ${more} events that it handled: some may be doubled.`];

function judgedBy(truth: Measured['truth'], urgent: readonly Received[]) {
  const sums = { urgent: 0, missed: 0, false: 0, duplicates: 0 };
  const portfolios = holdingsForJudge();
  for (const portfolio of portfolios) {
    const own = urgent.filter(({ data }) => data.portfolio === portfolio.id);
    const verdict = truth.judge(own.map(judged), portfolio);
    for (const key of ['urgent', 'missed', 'false', 'duplicates'] as const) sums[key] += verdict[key];
  }
  const known = new Set(portfolios.map(({ id }) => id));
  sums.false += urgent.filter(({ data }) => !known.has(data.portfolio)).length;
  return sums;
}

const judged = ({ data }: Received): JudgedAlert => ({
  subject: data.subject,
  source: data.event.source,
  eventId: data.event.id,
  severity: data.severity,
  cause: data.cause,
  group: data.alert,
});

const latencies = ({ received, sentAt }: Played) => ({
  p95Ms: p95(alertLatencies(received, sentAt)),
  analysisP95Ms: p95(analysisLatencies(received, sentAt)),
});
