/**
 * The rules of a refund.
 * 1. What is paid back is the price of lines, computed here: nobody names an amount.
 * 2. A line is paid back once, ever; the same key again is the same refund.
 * 3. One refund, and all refunds of an order together, stay within the limits: beyond them a person decides.
 */
import type { Order, Refund } from './order.ts';

/** What may be paid back without a person. */
export const REFUND_LIMITS = { perRefundCents: 10_000, perOrderCents: 15_000, windowDays: 30 } as const;

const DAY_MS = 86_400_000;

export interface RefundRequest {
  readonly key: string;
  /** Lines to pay back; null for all that are left. */
  readonly skus: readonly string[] | null;
  readonly reason: string;
}

export type RefundRefusal =
  /** It has such lines no more, or never had. */
  | 'nothing-left'
  | 'unknown-line'
  /** Neither delivered lately nor lost. */
  | 'not-refundable'
  | 'over-limit';

export type RefundDecision =
  | { readonly kind: 'refund'; readonly order: Order; readonly refund: Refund }
  /** It was made before, under the same key. */
  | { readonly kind: 'repeated'; readonly refund: Refund }
  | { readonly kind: 'refused'; readonly refusal: RefundRefusal };

const refused = (refusal: RefundRefusal): RefundDecision => ({ kind: 'refused', refusal });

/** Decides a refund on an order as it stands. */
export function decideRefund(order: Order, { key, skus, reason }: RefundRequest, now: number): RefundDecision {
  const before = order.refunds.find((refund) => refund.key === key);
  if (before) return { kind: 'repeated', refund: before };
  if (!isRefundable(order, now)) return refused('not-refundable');
  if (skus?.some((sku) => !order.lines.some((line) => line.sku === sku))) return refused('unknown-line');
  const left = linesLeft(order);
  const lines = skus === null ? left : left.filter(({ sku }) => skus.includes(sku));
  // One that was paid back before is no part of a new refund, nor may it shrink one silently.
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

/** Whether an order is one that is paid back at all: delivered within the window, or lost on its way. */
export function isRefundable({ status, shipment }: Order, now: number): boolean {
  if (shipment?.status === 'lost') return true;
  if (status !== 'delivered' || !shipment || shipment.deliveredAt === null) return false;
  return now - shipment.deliveredAt <= REFUND_LIMITS.windowDays * DAY_MS;
}

/** The lines of an order that were not paid back. */
export function linesLeft({ lines, refunds }: Order): Order['lines'] {
  const paidBack = new Set(refunds.flatMap(({ skus }) => skus));
  return lines.filter(({ sku }) => !paidBack.has(sku));
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
