import { z } from 'zod';

const cents = z.number().int().nonnegative();

export const customerSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  email: z.string(),
  /** Buys so much that an unhappy message of theirs goes to a person. */
  vip: z.boolean(),
  /** Milliseconds since the epoch. */
  since: z.number(),
});
export type Customer = z.infer<typeof customerSchema>;

export const lineSchema = z.object({ sku: z.string(), name: z.string(), quantity: z.number().int().positive(), cents });
export type Line = z.infer<typeof lineSchema>;

export const shipmentSchema = z.object({
  carrier: z.string(),
  tracking: z.string(),
  status: z.enum(['label-created', 'in-transit', 'delayed', 'out-for-delivery', 'delivered', 'lost']),
  /** Milliseconds since the epoch: when it is expected, or came. */
  expectedAt: z.number(),
  deliveredAt: z.number().nullable(),
});
export type Shipment = z.infer<typeof shipmentSchema>;

export const refundSchema = z.object({
  /** Equal keys are the same refund. */
  key: z.string().min(1),
  /** The lines it pays back. */
  skus: z.array(z.string()),
  cents,
  reason: z.string(),
  at: z.number(),
});
export type Refund = z.infer<typeof refundSchema>;

export const orderSchema = z.object({
  /** As customers write it, e.g. `ORD-10423`. */
  id: z.string().min(1),
  customerId: z.string().min(1),
  placedAt: z.number(),
  status: z.enum(['processing', 'shipped', 'delivered', 'cancelled']),
  lines: z.array(lineSchema),
  /** US cents over all lines. */
  totalCents: cents,
  /** Null until it is handed to a carrier. */
  shipment: shipmentSchema.nullable(),
  refunds: z.array(refundSchema),
  /** Counts writes: each one is conditional on the version it was decided from. */
  version: z.number().int().positive(),
});
export type Order = z.infer<typeof orderSchema>;
