import { describe, expect, it } from 'vitest';
import { createTraffic } from '../../load/traffic.ts';
import { messagesIn } from '../../load/volume.ts';
import { NOW } from '../shop/support.ts';

const options = { seed: 7, now: NOW, messages: 400, seconds: 60, curve: 'day' } as const;

describe('the traffic of a load test', () => {
  const made = createTraffic({ ...options, id: 'a' });

  it('has about as many messages as the volume says', () => {
    // 57,600 per day are 200 in five minutes. Ten times that is 2,000.
    expect(messagesIn(300, 10)).toBe(2_000);
    expect(made.arrivals.length / options.messages).toBeCloseTo(1, 1);
  });

  it('shares no customer, thread or message with other traffic of the same seed', () => {
    const other = createTraffic({ ...options, id: 'b' });
    const idsOf = ({ arrivals }: typeof made) =>
      new Set(arrivals.flatMap(({ message: { id, threadId, customerId } }) => [id, threadId, customerId]));
    expect([...idsOf(made)].filter((id) => idsOf(other).has(id))).toEqual([]);
    expect(createTraffic({ ...options, id: 'a' })).toEqual(made);
  });

  it('includes every customer that writes, and has at most one due refund per order', () => {
    const customers = new Set(made.customers.map(({ customer }) => customer.id));
    expect(made.arrivals.every(({ message }) => customers.has(message.customerId))).toBe(true);
    const refunds = made.arrivals.flatMap(({ message: { truth } }) => truth.refund?.orderId ?? []);
    expect(new Set(refunds).size).toBe(refunds.length);
  });
});
