import type { Reason } from '../agents/answer.ts';
import type { Message } from '../agents/message.ts';
import type { Customer } from '../shop/order.ts';
import type { Shop } from '../shop/shop.ts';
import { screen } from './screen.ts';

/** Screens a message with its customer and orders. Runs before the model answers, and again before a refund. */
export async function screenMessage(
  { shop, now }: { readonly shop: Shop; readonly now: () => number },
  { customerId, text }: Message,
): Promise<{ readonly customer: Customer | null; readonly reasons: readonly Reason[] }> {
  const [customer, orders] = await Promise.all([shop.customer(customerId), shop.orders(customerId)]);
  return { customer, reasons: screen({ text, customer, orders, now: now() }) };
}
