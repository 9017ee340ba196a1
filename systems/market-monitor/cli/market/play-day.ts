import type { MarketRecord, SimulatedMarket } from '@agent-fleet/simulated-market';
import { putInOrder } from '#adapters/kinesis/put-events.ts';
import type { Output } from '#cli/terminal/output.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { caughtUp } from './caught-up.ts';
import { portfoliosFor } from './demo-portfolios.ts';
import { makeDigests, type MadeDigest } from './digests.ts';
import type { DemoOptions } from './options.ts';
import type { MarketOfFleet } from './own-fleet.ts';
import { paced } from './player.ts';
import { startReceiver, type Received } from './receiver.ts';
import { quiet } from './settled.ts';

export interface Play {
  readonly market: MarketOfFleet;
  readonly simulated: SimulatedMarket;
  readonly options: Pick<DemoOptions, 'day' | 'events' | 'minutes'>;
  readonly signal: AbortSignal;
  readonly onAlert: (received: Received) => void;
  readonly notes: Output;
}

export interface Played {
  readonly received: readonly Received[];
  /** When a record was sent, by source and id of its event. */
  readonly sentAt: ReadonlyMap<string, number>;
  readonly digests: readonly MadeDigest[];
}

const HOUR_MS = 3_600_000;
/** Minutes after an hour at which its digest is due. */
const GRACE_MS = 10 * 60_000;

/** Plays a simulated day to the stream, and has the digest of each hour made when the events have passed it. */
export async function playDay({ market, simulated, options, signal, onAlert, notes }: Play): Promise<Played> {
  const receiver = await startReceiver(onAlert);
  try {
    await savePortfolios(market, simulated, receiver.url, options.day);
    const sentAt = new Map<string, number>();
    const hours = new Hours(market, signal);
    let count = 0;
    const send = async (batch: readonly MarketRecord[]): Promise<void> => {
      await putInOrder(market.kinesis, market.stream, batch, signal);
      const now = Date.now();
      for (const { bytes } of batch) note(sentAt, bytes, now);
      count += batch.length;
      const last = batch.at(-1);
      if (last) hours.passed(last.at);
      const time = new Date(last?.at ?? 0).toISOString().slice(11, 16);
      notes.progress(`${time} UTC: ${count} events sent, ${receiver.received.length} notifications`);
    };
    await paced(simulated.records(), options.events / (options.minutes * 60), send, signal);
    notes.progress('The day is over: waiting for the last analyses …');
    await caughtUp(market, signal);
    await quiet(receiver, signal);
    hours.passed(simulated.session.close + 2 * HOUR_MS);
    return { received: receiver.received, sentAt, digests: await hours.made() };
  } finally {
    await receiver.close();
  }
}

async function savePortfolios(market: MarketOfFleet, simulated: SimulatedMarket, url: string, day: string) {
  const store = dynamodbPortfolios(market.table);
  for (const portfolio of portfoliosFor(url, simulated.instruments, day))
    await store.save({ portfolio, seen: 0, by: 'fleet market demo', at: Date.now(), changes: ['created'] });
}

/** The first time counts: a duplicate does not make an alert later. */
function note(sentAt: Map<string, number>, bytes: Uint8Array, now: number): void {
  const text = Buffer.from(bytes.subarray(0, 2_000)).toString('utf8');
  const id = /"id":"([^"]*)"/.exec(text)?.[1];
  const source = /"source":"([^"]*)"/.exec(text)?.[1];
  const key = `${source} ${id}`;
  if (!sentAt.has(key)) sentAt.set(key, now);
}

/** Makes digests one after the other, while events go on. */
class Hours {
  readonly #market: MarketOfFleet;
  readonly #signal: AbortSignal;
  readonly #digests: MadeDigest[] = [];
  #due = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(market: MarketOfFleet, signal: AbortSignal) {
    this.#market = market;
    this.#signal = signal;
  }

  /** The events have come to this time. */
  passed(at: number): void {
    const due = Math.floor((at - GRACE_MS) / HOUR_MS) * HOUR_MS + GRACE_MS;
    if (due <= this.#due) return;
    const isFirst = this.#due === 0;
    this.#due = due;
    if (isFirst) return;
    this.#work = this.#work.then(async () => {
      await caughtUp(this.#market, this.#signal);
      this.#digests.push(...(await makeDigests(this.#market, due)));
    });
    // It is awaited at the end.
    this.#work.catch(() => undefined);
  }

  async made(): Promise<readonly MadeDigest[]> {
    await this.#work;
    return this.#digests;
  }
}
