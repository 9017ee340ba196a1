import { sampleShop, type SampleCustomer } from '../samples/shop.ts';
import { dayCurve, evenCurve, supportDay, type Arrival } from './day.ts';
import { MESSAGES_PER_THREAD } from './volume.ts';

export interface TrafficOptions {
  /** Prefix of all its ids, so that two load tests of one fleet share no customer, thread or message. */
  readonly id: string;
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Approximate number of messages, since threads are never cut. */
  readonly messages: number;
  readonly seconds: number;
  /** Whether messages arrive by the hours of a day, or uniformly. */
  readonly curve: 'day' | 'even';
}

/** A day's customers, and their messages in order of arrival. */
export interface Traffic {
  readonly customers: readonly SampleCustomer[];
  readonly arrivals: readonly Arrival[];
}

/** A customer reads the reply before writing again, however short the day. */
const MIN_GAP_MS = 15_000;
const MIN_CUSTOMERS = 50;

/** Generates customers and their messages. The same options generate the same traffic. */
export function createTraffic({ id, seed, now, messages, seconds, curve }: TrafficOptions): Traffic {
  const threads = Math.max(1, Math.round(messages / MESSAGES_PER_THREAD));
  // Enough orders that every thread that asks for a refund has its own.
  const count = Math.max(MIN_CUSTOMERS, Math.ceil(threads / 2));
  const customers = sampleShop({ seed, customers: count, now, prefix: id });
  const minutes = curve === 'day' ? dayCurve() : evenCurve();
  const day = supportDay({ seed, customers, threads, now, seconds, curve: minutes, minGapMs: MIN_GAP_MS });
  return { customers, arrivals: day.map((arrival) => ({ ...arrival, message: prefixed(id, arrival.message) })) };
}

const prefixed = (id: string, message: Arrival['message']): Arrival['message'] => ({
  ...message,
  id: `${id}-${message.id}`,
  threadId: `${id}-${message.threadId}`,
});
