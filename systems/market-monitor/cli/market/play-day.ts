import type { MarketRecord, SimulatedMarket } from '@agent-fleet/simulated-market';
import { putInOrder } from '#adapters/kinesis/put-events.ts';
import { count as plural } from '#cli/terminal/format.ts';
import type { Output } from '#cli/terminal/output.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { caughtUp } from './caught-up.ts';
import { portfoliosFor } from './demo-portfolios.ts';
import type { MadeDigest } from './digests.ts';
import { Hours } from './hours.ts';
import { nameOf } from './latency.ts';
import type { DemoOptions } from './options.ts';
import type { MarketOfFleet } from './own-fleet.ts';
import { paced } from './player.ts';
import { startReceiver, type Received, type Receiver } from './receiver.ts';
import { eventIn } from './sent.ts';
import { settled } from './settled.ts';

export interface Play {
  readonly market: MarketOfFleet;
  readonly simulated: SimulatedMarket;
  readonly options: Pick<DemoOptions, 'day' | 'minutes'>;
  readonly signal: AbortSignal;
  readonly onAlert: (received: Received) => void;
  readonly notes: Output;
}

export interface Played {
  readonly received: readonly Received[];
  /** When an event was first sent, by its name. */
  readonly sentAt: ReadonlyMap<string, number>;
  readonly digests: readonly MadeDigest[];
  /** What was waited for in vain. Empty: everything was caught up. */
  readonly unfinished: readonly string[];
}

const HOUR_MS = 3_600_000;
/** How long it waits after the day at most, for the router, for notifications and for digests. */
const ROUTER_MS = 90_000;
const NOTIFICATIONS_MS = 45_000;
const DIGESTS_MS = 60_000;

/** Plays a simulated day to the stream, and has the digest of each hour made when the events have passed it. */
export async function playDay({ market, simulated, options, signal, onAlert, notes }: Play): Promise<Played> {
  const receiver = await startReceiver(onAlert);
  try {
    await savePortfolios(market, receiver.url, options.day);
    const sentAt = new Map<string, number>();
    const hours = new Hours(market, signal);
    let count = 0;
    const send = async (batch: readonly MarketRecord[]): Promise<void> => {
      // Before it: what the stream keeps a producer waiting for is part of the latency.
      note(sentAt, batch, Date.now());
      await putInOrder(market.kinesis, market.stream, batch, signal);
      count += batch.length;
      const last = batch.at(-1);
      if (last) hours.passed(last.at);
      const time = new Date(last?.at ?? 0).toISOString().slice(11, 16);
      notes.progress(
        `${time} UTC: ${plural(count, 'record')} sent, ${plural(receiver.received.length, 'notification')}`,
      );
    };
    // A day has at least the events that were asked for: it may be many more.
    await paced(simulated.records(), simulated.truth.counts().records / (options.minutes * 60), send, signal);
    notes.progress('The day is over: waiting for the last analyses …');
    const ended = await endDay({ market, simulated, signal }, receiver, hours);
    return { received: receiver.received, sentAt, ...ended };
  } finally {
    await receiver.close();
  }
}

/** Waits for all that the day has set off, each for a time that is limited. */
async function endDay(
  { market, simulated, signal }: Pick<Play, 'market' | 'simulated' | 'signal'>,
  receiver: Receiver,
  hours: Hours,
) {
  const isRouted = await caughtUp(market, signal, ROUTER_MS);
  hours.over();
  const portfolios = portfoliosFor(receiver.url, simulated.session.day).map(({ id }) => id);
  const missing = await settled(market, portfolios, receiver, signal, NOTIFICATIONS_MS);
  hours.passed(simulated.session.close + 2 * HOUR_MS);
  const { digests, failed } = await hours.made(DIGESTS_MS);
  signal.throwIfAborted();
  const unfinished = [
    ...(isRouted ? [] : [`The router had not read all events ${ROUTER_MS / 1_000} seconds after the last one.`]),
    ...(missing === 0
      ? []
      : [`${missing} notifications had not arrived ${NOTIFICATIONS_MS / 1_000} seconds after that.`]),
    ...failed,
  ];
  return { digests, unfinished };
}

async function savePortfolios(market: MarketOfFleet, url: string, day: string) {
  const store = dynamodbPortfolios(market.table);
  for (const portfolio of portfoliosFor(url, day))
    await store.save({ portfolio, seen: 0, by: 'fleet market demo', at: Date.now(), changes: ['created'] });
}

/** A duplicate does not make an alert later. */
function note(sentAt: Map<string, number>, batch: readonly MarketRecord[], now: number): void {
  for (const record of batch) {
    const event = eventIn(record);
    if (event !== null && !sentAt.has(nameOf(event))) sentAt.set(nameOf(event), now);
  }
}
