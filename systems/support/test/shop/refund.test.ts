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

describe('the refund rules', () => {
  it('compute the amount from the price of the lines', () => {
    expect(refundOf()).toMatchObject({ kind: 'refund', refund: { cents: 6_700, skus: ['LMP-01', 'MUG-03'] } });
    expect(refundOf(sampleOrderOf(), { skus: ['MUG-03'] })).toMatchObject({ refund: { cents: 2_800 } });
  });

  it('refund each line once; another key can only refund the rest', () => {
    const first = refundOf(sampleOrderOf(), { skus: ['LMP-01'] });
    if (first.kind !== 'refund') throw new Error(first.kind);
    expect(refundOf(first.order, { key: 'k2', skus: ['LMP-01'] })).toMatchObject({ refusal: 'nothing-left' });
    expect(refundOf(first.order, { key: 'k2', skus: ['LMP-01', 'MUG-03'] })).toMatchObject({ refusal: 'nothing-left' });
    expect(refundOf(first.order, { key: 'k2' })).toMatchObject({ refund: { cents: 2_800 } });
  });

  it('return the same refund for the same key, even when the order is no longer refundable', () => {
    const first = refundOf();
    if (first.kind !== 'refund') throw new Error(first.kind);
    const later = decideRefund(first.order, ask(), NOW + 90 * DAY_MS);
    expect(later).toEqual({ kind: 'repeated', refund: first.refund });
  });

  it('leave amounts beyond the limit per refund or per order to a person', () => {
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
  ] as const)('refuse an order that is %s', (_, change) => {
    expect(refundOf(sampleOrderOf(change))).toMatchObject({ refusal: 'not-refundable' });
  });

  it('refund a lost parcel', () => {
    const shipment = { ...SHIPMENT, status: 'lost' as const, deliveredAt: null };
    expect(refundOf(sampleOrderOf({ status: 'shipped', shipment }))).toMatchObject({ kind: 'refund' });
  });

  it('refuse a line that is not in the order', () => {
    expect(refundOf(sampleOrderOf(), { skus: ['RUG-04'] })).toMatchObject({ refusal: 'unknown-line' });
  });
});
