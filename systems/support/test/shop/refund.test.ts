import { describe, expect, it } from 'vitest';
import { decideRefund, type RefundRequest } from '../../shop/refund.ts';
import { DAY_MS, NOW, sampleOrderOf, SHIPMENT } from './support.ts';

const ask = (change: Partial<RefundRequest> = {}): RefundRequest => ({
  key: 'key',
  skus: null,
  reason: 'broken',
  ...change,
});

const refundOf = (order = sampleOrderOf(), change: Partial<RefundRequest> = {}) =>
  decideRefund(order, ask(change), NOW);

describe('the rules of a refund', () => {
  it('pays back the price of the lines, whoever asks for whatever', () => {
    expect(refundOf()).toMatchObject({ kind: 'refund', refund: { cents: 6_700, skus: ['LMP-01', 'MUG-03'] } });
    expect(refundOf(sampleOrderOf(), { skus: ['MUG-03'] })).toMatchObject({ refund: { cents: 2_800 } });
  });

  it('pays each line back once, and what is left under another key', () => {
    const first = refundOf(sampleOrderOf(), { skus: ['LMP-01'] });
    if (first.kind !== 'refund') throw new Error(first.kind);
    expect(refundOf(first.order, { key: 'k2', skus: ['LMP-01'] })).toMatchObject({ refusal: 'nothing-left' });
    expect(refundOf(first.order, { key: 'k2', skus: ['LMP-01', 'MUG-03'] })).toMatchObject({ refusal: 'nothing-left' });
    expect(refundOf(first.order, { key: 'k2' })).toMatchObject({ refund: { cents: 2_800 } });
  });

  it('is the same refund under the same key, also when the order may be refunded no more', () => {
    const first = refundOf();
    if (first.kind !== 'refund') throw new Error(first.kind);
    const later = decideRefund(first.order, ask(), NOW + 90 * DAY_MS);
    expect(later).toEqual({ kind: 'repeated', refund: first.refund });
  });

  it('leaves what is beyond a limit to a person: of one refund, and of an order altogether', () => {
    const line = { sku: 'A', name: 'shelf', quantity: 2, cents: 5_001 };
    expect(refundOf(sampleOrderOf({ lines: [line] }))).toMatchObject({ refusal: 'over-limit' });
    const lines = ['A', 'B'].map((sku) => ({ sku, name: sku, quantity: 1, cents: 9_000 }));
    const first = refundOf(sampleOrderOf({ lines }), { skus: ['A'] });
    if (first.kind !== 'refund') throw new Error(first.kind);
    expect(refundOf(first.order, { key: 'k2', skus: ['B'] })).toMatchObject({ refusal: 'over-limit' });
  });

  it.each([
    ['on its way', { status: 'shipped', shipment: { ...SHIPMENT, status: 'in-transit', deliveredAt: null } }],
    ['cancelled', { status: 'cancelled', shipment: null }],
    ['delivered 31 days ago', { shipment: { ...SHIPMENT, deliveredAt: NOW - 31 * DAY_MS } }],
  ] as const)('refuses an order that is %s', (_, change) => {
    expect(refundOf(sampleOrderOf(change))).toMatchObject({ refusal: 'not-refundable' });
  });

  it('pays a lost parcel back', () => {
    const shipment = { ...SHIPMENT, status: 'lost' as const, deliveredAt: null };
    expect(refundOf(sampleOrderOf({ status: 'shipped', shipment }))).toMatchObject({ kind: 'refund' });
  });

  it('refuses a line that the order has not', () => {
    expect(refundOf(sampleOrderOf(), { skus: ['RUG-04'] })).toMatchObject({ refusal: 'unknown-line' });
  });
});
