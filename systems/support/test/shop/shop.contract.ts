import { expect, it } from 'vitest';
import { refundOrder, type Shop } from '../../shop/shop.ts';
import { NOW, sampleCustomerOf, sampleOrderOf } from './support.ts';

/** The contract of every shop. */
export function shopContract(open: () => Shop): void {
  it('finds a customer and their orders, newest first, and no other orders', async () => {
    const shop = open();
    const [ada, bo] = [sampleCustomerOf(), sampleCustomerOf()];
    const older = sampleOrderOf({ customerId: ada.id, placedAt: NOW - 1 });
    const newer = sampleOrderOf({ customerId: ada.id, placedAt: NOW });
    await shop.add(ada, [older, newer]);
    await shop.add(bo, []);
    expect(await shop.customer(ada.id)).toEqual(ada);
    expect(await shop.orders(ada.id)).toEqual([newer, older]);
    expect(await shop.order(ada.id, newer.id)).toEqual(newer);
    expect(await shop.order(bo.id, newer.id)).toBeNull();
    expect(await shop.orders(bo.id)).toEqual([]);
    expect(await shop.customer('cus-none')).toBeNull();
  });

  it('keeps customers, orders and refunds when the sample is added again', async () => {
    const shop = open();
    const customer = sampleCustomerOf();
    const order = sampleOrderOf({ customerId: customer.id });
    await shop.add(customer, [order]);
    const at = { customerId: customer.id, orderId: order.id };
    await refundOrder(shop, at, { key: 'k', skus: null, reason: 'broken' }, NOW);
    await shop.add({ ...customer, name: 'Somebody Else' }, [order]);
    expect((await shop.order(customer.id, order.id))?.refunds).toHaveLength(1);
    expect(await shop.customer(customer.id)).toEqual(customer);
  });

  it('refunds once for concurrent requests with one key', async () => {
    const shop = open();
    const customer = sampleCustomerOf();
    const order = sampleOrderOf({ customerId: customer.id });
    await shop.add(customer, [order]);
    const at = { customerId: customer.id, orderId: order.id };
    const request = { key: 'task-1/2', skus: null, reason: 'broken' };
    const made = await Promise.all([1, 2, 3, 4].map(() => refundOrder(shop, at, request, NOW)));
    expect(made.filter((decision) => decision?.kind === 'refund')).toHaveLength(1);
    expect(new Set(made.map((decision) => decision && 'refund' in decision && decision.refund.cents))).toEqual(
      new Set([order.totalCents]),
    );
    expect((await shop.order(customer.id, order.id))?.refunds).toHaveLength(1);
  });

  it('refunds a line once for concurrent requests with different keys', async () => {
    const shop = open();
    const customer = sampleCustomerOf();
    const order = sampleOrderOf({ customerId: customer.id });
    await shop.add(customer, [order]);
    const at = { customerId: customer.id, orderId: order.id };
    const ask = (key: string) => refundOrder(shop, at, { key, skus: null, reason: 'broken' }, NOW);
    const made = await Promise.all(['a', 'b', 'c'].map(ask));
    const kinds = made.map((decision) => decision?.kind);
    expect(kinds.filter((kind) => kind === 'refund')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(2);
  });

  it('returns the published articles, in their latest version', async () => {
    const shop = open();
    await shop.publish({ id: 'returns', title: 'Returns', keywords: ['return'], text: 'Old.' });
    await shop.publish({ id: 'returns', title: 'Returns', keywords: ['return'], text: 'New.' });
    expect(await shop.articles()).toMatchObject([{ id: 'returns', text: 'New.' }]);
  });
}
