import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';

const cents = z.number().int().nonnegative();

export const customerSchema = storedRecord({
  id: z.string().min(1),
  name: z.string(),
  email: z.string(),
  /** An important customer: an unhappy message of theirs goes to a person. */
  vip: z.boolean(),
  /** Milliseconds since the epoch. */
  since: z.number(),
});
export type Customer = z.infer<typeof customerSchema>;

export const lineSchema = stored({ sku: z.string(), name: z.string(), quantity: z.number().int().positive(), cents });
export type Line = z.infer<typeof lineSchema>;

export const shipmentSchema = stored({
  carrier: z.string(),
  tracking: z.string(),
  status: z.enum(['label-created', 'in-transit', 'delayed', 'out-for-delivery', 'delivered', 'lost']),
  /** Milliseconds since the epoch: the expected delivery, or the actual one. */
  expectedAt: z.number(),
  deliveredAt: z.number().nullable(),
});
export type Shipment = z.infer<typeof shipmentSchema>;

export const refundSchema = stored({
  /** Equal keys are the same refund. */
  key: z.string().min(1),
  /** The refunded lines. */
  skus: z.array(z.string()),
  cents,
  reason: z.string(),
  at: z.number(),
});
export type Refund = z.infer<typeof refundSchema>;

export const orderSchema = storedRecord({
  /** The order number, for example `ORD-10423`. */
  id: z.string().min(1),
  customerId: z.string().min(1),
  placedAt: z.number(),
  status: z.enum(['processing', 'shipped', 'delivered', 'cancelled']),
  lines: z.array(lineSchema),
  /** US cents, over all lines. */
  totalCents: cents,
  /** Null until a carrier has the parcel. */
  shipment: shipmentSchema.nullable(),
  refunds: z.array(refundSchema),
  /** Incremented by each write, which is conditional on the version that was read. */
  version: z.number().int().positive(),
});
export type Order = z.infer<typeof orderSchema>;
