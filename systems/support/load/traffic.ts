import { sampleShop, type SampleCustomer } from '../samples/shop.ts';
import { dayCurve, evenCurve, supportDay, type Arrival } from './day.ts';
import { MESSAGES_PER_THREAD } from './volume.ts';

export interface TrafficOptions {
  /** Begins all its ids: two of one fleet share no customer, no thread and no message. */
  readonly id: string;
  readonly seed: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How many messages, about: threads are whole. */
  readonly messages: number;
  readonly seconds: number;
  /** By the hours of a day, or all the time alike. */
  readonly curve: 'day' | 'even';
}

/** A day's customers, and their messages as they arrive. */
export interface Traffic {
  readonly customers: readonly SampleCustomer[];
  readonly arrivals: readonly Arrival[];
}

/** A customer reads the reply and writes again: not sooner, however short the day. */
const MIN_GAP_MS = 15_000;
const MIN_CUSTOMERS = 50;

/** Customers of their own and what they write. The same options give the same. */
export function createTraffic({ id, seed, now, messages, seconds, curve }: TrafficOptions): Traffic {
  const threads = Math.max(1, Math.round(messages / MESSAGES_PER_THREAD));
  // Enough orders for every thread that asks for a refund to have one of its own.
  const count = Math.max(MIN_CUSTOMERS, Math.ceil(threads / 2));
  const customers = sampleShop({ seed, customers: count, now, prefix: id });
  const minutes = curve === 'day' ? dayCurve() : evenCurve();
  const day = supportDay({ seed, customers, threads, now, seconds, curve: minutes, minGapMs: MIN_GAP_MS });
  return { customers, arrivals: day.map((arrival) => ({ ...arrival, message: named(id, arrival.message) })) };
}

const named = (id: string, message: Arrival['message']): Arrival['message'] => ({
  ...message,
  id: `${id}-${message.id}`,
  threadId: `${id}-${message.threadId}`,
});
