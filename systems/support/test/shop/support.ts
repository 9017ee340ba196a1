import type { Customer, Order, Shipment } from '../../shop/order.ts';

export const NOW = Date.UTC(2026, 10, 25, 12);
export const DAY_MS = 86_400_000;

let made = 0;

export const sampleCustomerOf = (change: Partial<Customer> = {}): Customer => ({
  id: `cus-${process.pid}-${(made += 1)}`,
  name: 'Ada Costa',
  email: 'ada@example.com',
  vip: false,
  since: NOW - 400 * DAY_MS,
  ...change,
});

export const SHIPMENT: Shipment = {
  carrier: 'Northline',
  tracking: 'TRK123456789',
  status: 'delivered',
  expectedAt: NOW - 5 * DAY_MS,
  deliveredAt: NOW - 5 * DAY_MS,
};

/** An order of a lamp and mugs for $67, delivered five days ago. `change` replaces fields. */
export const sampleOrderOf = (change: Partial<Order> = {}): Order => ({
  id: `ORD-${20_000 + (made += 1)}`,
  customerId: 'cus-1',
  placedAt: NOW - 9 * DAY_MS,
  status: 'delivered',
  lines: [
    { sku: 'LMP-01', name: 'reading lamp', quantity: 1, cents: 3_900 },
    { sku: 'MUG-03', name: 'set of six mugs', quantity: 1, cents: 2_800 },
  ],
  totalCents: 6_700,
  shipment: SHIPMENT,
  refunds: [],
  version: 1,
  ...change,
});
