import { setTimeout as delay } from 'node:timers/promises';
import type { MarketRecord, SimulatedMarket } from '@agent-fleet/simulated-market';
import { putInOrder } from '#adapters/kinesis/put-events.ts';
import type { Output } from '#cli/terminal/output.ts';
import { caughtUp } from '../../cli/market/caught-up.ts';
import { portfoliosFor } from '../../cli/market/demo-portfolios.ts';
import { nameOf } from '../../cli/market/latency.ts';
import type { MarketOfFleet } from '../../cli/market/own-fleet.ts';
import type { Played } from '../../cli/market/play-day.ts';
import { startReceiver } from '../../cli/market/receiver.ts';
import { eventIn } from '../../cli/market/sent.ts';
import { settled } from '../../cli/market/settled.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { TimedDigests } from './timed-digests.ts';
import { secondsOf } from './slice.ts';

/** How long it waits after the last record at most, for the router and then for notifications. */
const ROUTER_MS = 120_000;
const NOTIFICATIONS_MS = 60_000;

export interface BenchPlay {
  readonly market: MarketOfFleet;
  readonly simulated: SimulatedMarket;
  readonly records: readonly MarketRecord[];
  readonly minutes: number;
  readonly notes: Output;
  /** Is told what share of the records was sent. @default nobody is */
  readonly onSent?: (share: number) => Promise<void>;
}

export interface BenchPlayed extends Played {
  /** Seconds from a digest's time to the digest. */
  readonly digestDelays: readonly number[];
  /** Most records that were sent within one second. */
  readonly burst: number;
}

/**
 * Plays records at an even rate, but what the day brings within a second at once: bars of 500 instruments are a burst. If it
 * falls behind, it sends what is due without a pause.
 */
export async function playBursts({
  market,
  simulated,
  records,
  minutes,
  notes,
  onSent,
}: BenchPlay): Promise<BenchPlayed> {
  const { signal } = new AbortController();
  const receiver = await startReceiver(() => undefined);
  try {
    const portfolios = portfoliosFor(receiver.url, simulated.session.day);
    const store = dynamodbPortfolios(market.table);
    for (const portfolio of portfolios)
      await store.save({ portfolio, seen: 0, by: 'bench market', at: Date.now(), changes: ['created'] });
    const digests = new TimedDigests(market, signal);
    const sentAt = new Map<string, number>();
    const [startedAt, perMs] = [performance.now(), records.length / (minutes * 60_000)];
    let [sent, burst] = [0, 0];
    for (const group of secondsOf(records)) {
      const early = startedAt + sent / perMs - performance.now();
      if (early > 0) await delay(early);
      note(sentAt, group);
      await putInOrder(market.kinesis, market.stream, group, signal);
      sent += group.length;
      burst = Math.max(burst, group.length);
      digests.passed(group.at(-1)?.at ?? 0);
      await onSent?.(sent / records.length);
      notes.progress(`${sent} of ${records.length} records, ${receiver.received.length} notifications`);
    }
    notes.progress('All is sent: waiting for the last analyses …');
    const isRouted = await caughtUp(market, signal, ROUTER_MS);
    const ids = portfolios.map(({ id }) => id);
    const missing = await settled(market, ids, receiver, signal, NOTIFICATIONS_MS);
    const unfinished = [
      ...(isRouted ? [] : [`The router had not read all ${ROUTER_MS / 1_000} seconds after the last record.`]),
      ...(missing === 0 ? [] : [`${missing} notifications had not arrived.`]),
    ];
    return { received: receiver.received, sentAt, unfinished, burst, ...(await digests.made()) };
  } finally {
    await receiver.close();
  }
}

/** Before they are sent: what the stream keeps a producer waiting for is part of the latency. */
function note(sentAt: Map<string, number>, group: readonly MarketRecord[]): void {
  const now = Date.now();
  for (const record of group) {
    const event = eventIn(record);
    if (event !== null && !sentAt.has(nameOf(event))) sentAt.set(nameOf(event), now);
  }
}
