import type { Article } from './article.ts';
import type { Customer, Order } from './order.ts';
import { decideRefund, type RefundDecision, type RefundRequest } from './refund.ts';

/**
 * The shop's customers, orders and articles. Orders are found only through their customer, never by number alone.
 * Every write of an order is one conditional write of one item.
 */
export interface Shop {
  customer(customerId: string): Promise<Customer | null>;
  /** A customer's orders, newest first. The read is strongly consistent. */
  orders(customerId: string): Promise<readonly Order[]>;
  /** One of this customer's orders; null for any other order. */
  order(customerId: string, orderId: string): Promise<Order | null>;
  /** Writes `next` if the stored version is `next.version - 1`. */
  replaceOrder(next: Order): Promise<'replaced' | 'conflict'>;
  /** Adds a customer and orders. Existing ones are not changed. */
  add(customer: Customer, orders: readonly Order[]): Promise<void>;
  /** The articles of the knowledge base, at most five minutes old. */
  articles(): Promise<readonly Article[]>;
  /** Adds an article, or replaces the one with the same id. */
  publish(article: Article): Promise<void>;
}

/**
 * Makes a refund within the rules, once. Decides again if another writer came first. Returns null if the order is not
 * found.
 */
export async function refundOrder(
  shop: Shop,
  at: { readonly customerId: string; readonly orderId: string },
  request: RefundRequest,
  now: number,
): Promise<RefundDecision | null> {
  for (;;) {
    const order = await shop.order(at.customerId, at.orderId);
    if (!order) return null;
    const decision = decideRefund(order, request, now);
    if (decision.kind !== 'refund') return decision;
    if ((await shop.replaceOrder(decision.order)) === 'replaced') return decision;
  }
}
