/**
 * The refund rules.
 * 1. The amount is the price of the lines, computed here. No caller can set it.
 * 2. A line is refunded at most once. The same key again returns the same refund.
 * 3. Each refund, and all refunds of an order together, stay within the limits. Beyond them a person decides.
 */
import type { Order, Refund } from './order.ts';

/** What may be refunded without a person. */
export const REFUND_LIMITS = { perRefundCents: 10_000, perOrderCents: 15_000, windowDays: 30 } as const;

const DAY_MS = 86_400_000;

export interface RefundRequest {
  readonly key: string;
  /** Lines to refund; null for all lines not refunded yet. */
  readonly skus: readonly string[] | null;
  readonly reason: string;
}

export type RefundRefusal =
  /** A requested line was refunded before, or no line is left. */
  | 'nothing-left'
  /** The order does not have a requested line. */
  | 'unknown-line'
  /** The order was not delivered within the window, and is not lost. */
  | 'not-refundable'
  | 'over-limit';

export type RefundDecision =
  | { readonly kind: 'refund'; readonly order: Order; readonly refund: Refund }
  /** The refund was made before, under the same key. */
  | { readonly kind: 'repeated'; readonly refund: Refund }
  | { readonly kind: 'refused'; readonly refusal: RefundRefusal };

const refused = (refusal: RefundRefusal): RefundDecision => ({ kind: 'refused', refusal });

/** Decides whether an order may be refunded, and returns the order with the refund. */
export function decideRefund(order: Order, { key, skus, reason }: RefundRequest, now: number): RefundDecision {
  const before = order.refunds.find((refund) => refund.key === key);
  if (before) return { kind: 'repeated', refund: before };
  if (!isRefundable(order, now)) return refused('not-refundable');
  if (skus?.some((sku) => !order.lines.some((line) => line.sku === sku))) return refused('unknown-line');
  const left = linesLeft(order);
  const lines = skus === null ? left : left.filter(({ sku }) => skus.includes(sku));
  // A line that was refunded before must not silently shrink a new refund.
  if (lines.length === 0 || (skus && lines.length < new Set(skus).size)) return refused('nothing-left');
  const cents = sumOf(lines.map((line) => line.cents * line.quantity));
  const together = cents + sumOf(order.refunds.map((refund) => refund.cents));
  if (cents > REFUND_LIMITS.perRefundCents || together > REFUND_LIMITS.perOrderCents) return refused('over-limit');
  const refund = { key, skus: lines.map(({ sku }) => sku), cents, reason, at: now };
  return {
    kind: 'refund',
    refund,
    order: { ...order, refunds: [...order.refunds, refund], version: order.version + 1 },
  };
}

/** Whether an order may be refunded at all: it was delivered within the window, or is lost. */
export function isRefundable({ status, shipment }: Order, now: number): boolean {
  if (shipment?.status === 'lost') return true;
  if (status !== 'delivered' || !shipment || shipment.deliveredAt === null) return false;
  return now - shipment.deliveredAt <= REFUND_LIMITS.windowDays * DAY_MS;
}

/** The lines of an order that were not refunded yet. */
export function linesLeft({ lines, refunds }: Order): Order['lines'] {
  const refunded = new Set(refunds.flatMap(({ skus }) => skus));
  return lines.filter(({ sku }) => !refunded.has(sku));
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
