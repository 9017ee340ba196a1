import { dice, type Dice } from '#core/chance/dice.ts';
import { readArticles } from '../data/read-articles.ts';
import type { Customer, Line, Order, Shipment } from '../shop/order.ts';
import type { Shop } from '../shop/shop.ts';
import { CARRIERS, FAMILY_NAMES, GIVEN_NAMES, PRODUCTS } from './names-and-products.ts';

export interface SampleShopOptions {
  readonly seed: number;
  readonly customers: number;
  /** Milliseconds since the epoch. All dates of orders are relative to it. */
  readonly now: number;
  /** Prefix of the customer ids, so that one shop can have several samples. @default 'cus' */
  readonly prefix?: string;
}

export interface SampleCustomer {
  readonly customer: Customer;
  /** Newest first. */
  readonly orders: readonly Order[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Creates customers with orders in every state that an order can have. The same options create the same shop. */
export function sampleShop({ seed, customers, now, prefix = 'cus' }: SampleShopOptions): readonly SampleCustomer[] {
  return Array.from({ length: customers }, (_, index) => sampleCustomer({ seed, now, prefix }, index));
}

/**
 * Adds a sample and the articles to a shop, `atOnce` customers at a time. Existing customers and orders keep their
 * state, including refunds.
 */
export async function fillShop(shop: Shop, sample: readonly SampleCustomer[], atOnce = 20): Promise<void> {
  for (const article of await readArticles()) await shop.publish(article);
  for (let from = 0; from < sample.length; from += atOnce) {
    const some = sample.slice(from, from + atOnce);
    await Promise.all(some.map(({ customer, orders }) => shop.add(customer, orders)));
  }
}

type SampleContext = Required<Omit<SampleShopOptions, 'customers'>>;

function sampleCustomer({ seed, now, prefix }: SampleContext, index: number): SampleCustomer {
  const chance = dice(seed, 'customer', index);
  const [given, family] = [chance.pick(GIVEN_NAMES), chance.pick(FAMILY_NAMES)];
  const id = `${prefix}-${String(index + 1).padStart(5, '0')}`;
  const customer = {
    id,
    name: `${given} ${family}`,
    email: `${given}.${family}.${index + 1}@example.com`.toLowerCase(),
    vip: chance.chance(0.04),
    since: now - chance.int(60, 1_500) * DAY_MS,
  };
  const count = chance.int(2, 5);
  const orders = Array.from({ length: count }, (_, nth) =>
    sampleOrder(chance, { customerId: id, id: orderId(seed, index, nth) }, now),
  );
  return { customer, orders: orders.sort((a, b) => b.placedAt - a.placedAt) };
}

/** Unique, with at least five digits: each customer has a range of ten numbers. */
const orderId = (seed: number, customer: number, nth: number): string =>
  `ORD-${10_000 + ((seed % 7) + customer) * 10 + nth}`;

type Fate = Pick<Order, 'status' | 'shipment' | 'placedAt'>;

function sampleOrder(chance: Dice, key: Pick<Order, 'id' | 'customerId'>, now: number): Order {
  const lines = sampleLines(chance);
  const totalCents = lines.reduce((sum, line) => sum + line.cents * line.quantity, 0);
  return { ...key, ...sampleFate(chance, now), lines, totalCents, refunds: [], version: 1 };
}

function sampleLines(chance: Dice): Line[] {
  const count = chance.pick([1, 1, 1, 2, 2, 3]);
  const products = new Map(Array.from({ length: count }, () => chance.pick(PRODUCTS)).map((one) => [one.sku, one]));
  return [...products.values()].map(({ sku, name, cents }) => ({
    sku,
    name,
    cents,
    quantity: chance.chance(0.1) ? 2 : 1,
  }));
}

function sampleFate(chance: Dice, now: number): Fate {
  const { fate } = chance.pickWeighted([
    { fate: processing, weight: 14 },
    { fate: onItsWay, weight: 24 },
    { fate: late, weight: 12 },
    { fate: delivered, weight: 38 },
    { fate: deliveredLongAgo, weight: 6 },
    { fate: cancelled, weight: 6 },
  ]);
  return fate(chance, now);
}

const shipment = (chance: Dice, part: Pick<Shipment, 'status' | 'expectedAt'> & Partial<Shipment>): Shipment => ({
  carrier: chance.pick(CARRIERS),
  tracking: `TRK${chance.int(100_000_000, 999_999_999)}`,
  deliveredAt: null,
  ...part,
});

function processing(chance: Dice, now: number): Fate {
  return { status: 'processing', placedAt: now - chance.int(1, 40) * HOUR_MS, shipment: null };
}

function onItsWay(chance: Dice, now: number): Fate {
  const expectedAt = now + chance.int(6, 72) * HOUR_MS;
  const status = chance.pick(['label-created', 'in-transit', 'in-transit', 'out-for-delivery'] as const);
  return {
    status: 'shipped',
    placedAt: now - chance.int(2, 5) * DAY_MS,
    shipment: shipment(chance, { status, expectedAt }),
  };
}

function late(chance: Dice, now: number): Fate {
  const days = chance.int(1, 12);
  const status = days > 8 ? 'lost' : 'delayed';
  const expectedAt = now - days * DAY_MS;
  return { status: 'shipped', placedAt: expectedAt - 4 * DAY_MS, shipment: shipment(chance, { status, expectedAt }) };
}

const delivered = (chance: Dice, now: number): Fate => arrived(chance, now - chance.int(1, 20) * DAY_MS);
const deliveredLongAgo = (chance: Dice, now: number): Fate => arrived(chance, now - chance.int(40, 200) * DAY_MS);

function arrived(chance: Dice, deliveredAt: number): Fate {
  const placedAt = deliveredAt - chance.int(2, 6) * DAY_MS;
  const came = shipment(chance, { status: 'delivered', expectedAt: deliveredAt, deliveredAt });
  return { status: 'delivered', placedAt, shipment: came };
}

function cancelled(chance: Dice, now: number): Fate {
  return { status: 'cancelled', placedAt: now - chance.int(2, 30) * DAY_MS, shipment: null };
}
