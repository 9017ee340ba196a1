import { describe, expect, it } from 'vitest';
import { readArticles } from '../../data/read-articles.ts';
import { fillShop, sampleShop } from '../../samples/shop.ts';
import { searchArticles } from '../../shop/article.ts';
import { inMemoryShop } from '../../shop/in-memory-shop.ts';
import { customerSchema, orderSchema } from '../../shop/order.ts';
import { NOW } from './support.ts';

const options = { seed: 7, customers: 400, now: NOW };

describe('the sample of customers', () => {
  it('is the same for the same seed, and different for another', () => {
    expect(sampleShop(options)).toEqual(sampleShop(options));
    expect(sampleShop({ ...options, seed: 8 })).not.toEqual(sampleShop(options));
  });

  it('has orders in every state, with unique numbers', () => {
    const sample = sampleShop(options);
    for (const { customer } of sample) customerSchema.parse(customer);
    const orders = sample.flatMap((one) => one.orders).map((order) => orderSchema.parse(order));
    expect(new Set(orders.map(({ id }) => id)).size).toBe(orders.length);
    const states = new Set(orders.map(({ status, shipment }) => shipment?.status ?? status));
    const all = [
      'cancelled',
      'delayed',
      'delivered',
      'in-transit',
      'label-created',
      'lost',
      'out-for-delivery',
      'processing',
    ];
    expect([...states].toSorted()).toEqual(all);
  });

  it('fills a shop, including the articles', async () => {
    const shop = inMemoryShop();
    const sample = sampleShop({ ...options, customers: 30 });
    await fillShop(shop, sample);
    const [first] = sample;
    expect(await shop.orders(first?.customer.id ?? '')).toEqual(first?.orders);
    expect(await shop.articles()).toEqual(await readArticles());
  });
});

describe('the article search', () => {
  it.each([
    ['How long does a refund take to show on my card?', 'refunds'],
    ['Can I wash the cotton throw in the machine?', 'care'],
    ['I forgot my password and cannot log in', 'account'],
    ['Do you ship to other countries?', 'shipping'],
    ['my discount code does not work', 'gift-cards'],
    ['I would like to change the delivery address', 'cancel'],
  ])('finds for “%s” the article %s', async (question, id) => {
    expect(searchArticles(await readArticles(), question)[0]?.id).toBe(id);
  });

  it('finds nothing if no article matches', async () => {
    expect(searchArticles(await readArticles(), 'xyzzy plugh')).toEqual([]);
  });
});
