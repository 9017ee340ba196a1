import type { Article } from './article.ts';
import type { Customer, Order } from './order.ts';
import { decideRefund, type RefundDecision, type RefundRequest } from './refund.ts';

/**
 * The shop's customers and orders. An order is found within its customer's own only: there is no way to ask for one by
 * its number alone. Every write is one conditional write of one item.
 */
export interface Shop {
  customer(customerId: string): Promise<Customer | null>;
  /** A customer's orders, the newest first; strongly consistent. */
  orders(customerId: string): Promise<readonly Order[]>;
  /** One of this customer's orders; null for anybody else's. */
  order(customerId: string, orderId: string): Promise<Order | null>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  replaceOrder(next: Order): Promise<'replaced' | 'conflict'>;
  /** Puts a customer and orders where none of that key are; what is there already stays as it is. */
  add(customer: Customer, orders: readonly Order[]): Promise<void>;
  /** The knowledge base: what customers are told, and the agent searches. At most five minutes old. */
  articles(): Promise<readonly Article[]>;
  /** Puts an article, replacing one of the same id. */
  publish(article: Article): Promise<void>;
}

/** Pays back within the rules, once: decided anew whenever another writer was first. Null when there is no such order. */
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
