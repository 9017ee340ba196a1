import type { Reason } from '../agents/answer.ts';
import type { Message } from '../agents/message.ts';
import type { Customer } from '../shop/order.ts';
import type { Shop } from '../shop/shop.ts';
import { screen } from './screen.ts';

/** A message with who wrote it, and why it needs a person: asked before its answer is accepted, and before money moves. */
export async function screenMessage(
  { shop, now }: { readonly shop: Shop; readonly now: () => number },
  { customerId, text }: Message,
): Promise<{ readonly customer: Customer | null; readonly reasons: readonly Reason[] }> {
  const [customer, orders] = await Promise.all([shop.customer(customerId), shop.orders(customerId)]);
  return { customer, reasons: screen({ text, customer, orders, now: now() }) };
}
