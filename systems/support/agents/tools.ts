import { z } from 'zod';
import { defineTool, type ToolContext } from '#core/agents/define-agent.ts';
import { startOf } from '#core/text/text.ts';
import { screenMessage } from '../screen/screen-message.ts';
import { searchArticles } from '../shop/article.ts';
import type { Order } from '../shop/order.ts';
import type { RefundRefusal } from '../shop/refund.ts';
import { refundOrder, type Shop } from '../shop/shop.ts';
import { messageSchema } from './message.ts';

/** What the tools use. The worker provides it. */
export interface SupportServices {
  readonly shop: Shop;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The customer that a tool acts for: always the task's, whatever the model says. */
const customerOf = ({ input }: ToolContext): string => messageSchema.parse(input).customerId;

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`;

/** The order number in the shop's format, from any format the model may use. */
const orderIdOf = (said: string): string => `ORD-${said.replaceAll(/\D/g, '')}`;

const orderHistory = defineTool({
  name: 'order-history',
  description: 'This customer’s orders, the newest first: number, day, status, articles, total, what was refunded.',
  input: z.object({}),
  run: async (_, context, { shop }: SupportServices) =>
    JSON.stringify((await shop.orders(customerOf(context))).map(described)),
});

function described({ id, placedAt, status, lines, totalCents, refunds }: Order) {
  const articles = lines.map(({ sku, name, quantity }) => ({ sku, name, quantity }));
  const refunded = refunds.reduce((sum, { cents }) => sum + cents, 0);
  return { id, placed: day(placedAt), status, articles, total: dollars(totalCents), refunded: dollars(refunded) };
}

const shipmentStatus = defineTool({
  name: 'shipment-status',
  description: 'Where one of this customer’s orders is: carrier, tracking number, status, expected day.',
  input: z.object({ orderId: z.string().describe('The order’s number, e.g. ORD-10423') }),
  async run(input, context, { shop }: SupportServices) {
    const order = await shop.order(customerOf(context), orderIdOf(input.orderId));
    if (!order) return NO_ORDER;
    const { id, status, shipment } = order;
    if (!shipment) return JSON.stringify({ id, status, shipment: null });
    const { carrier, tracking, expectedAt, deliveredAt } = shipment;
    const delivered = deliveredAt === null ? null : day(deliveredAt);
    return JSON.stringify({ id, status: shipment.status, carrier, tracking, expected: day(expectedAt), delivered });
  },
});

const NO_ORDER = 'This customer has no order of that number: ask for the number, or look at order-history.';

const REFUSALS: Record<RefundRefusal, string> = {
  'nothing-left': 'it was refunded before',
  'unknown-line': 'it holds no such article: look at order-history',
  'not-refundable': 'it was neither delivered within the last 30 days nor lost',
  'over-limit': 'it is beyond the limit: a person must decide, so escalate with reason refund-limit',
};

const refund = defineTool({
  name: 'refund',
  description: 'Pays back an order, or some of its articles. The amount is computed; the rules are checked.',
  input: z.object({
    orderId: z.string().describe('The order’s number, e.g. ORD-10423'),
    skus: z.array(z.string()).nullable().describe('The articles to pay back, by sku; null for the whole order'),
    reason: z.string().describe('What was wrong, in a few words'),
  }),
  async run({ skus, reason, ...input }, context, services: SupportServices) {
    // Checking the answer afterwards would be too late: the money would be gone.
    const { reasons } = await screenMessage(services, messageSchema.parse(context.input));
    if (reasons.length > 0) return `Not refunded: this message needs a person (${reasons[0]}), so escalate.`;
    const at = { customerId: customerOf(context), orderId: orderIdOf(input.orderId) };
    const request = { key: context.idempotencyKey, skus, reason: startOf(reason, 200) };
    const decision = await refundOrder(services.shop, at, request, services.now());
    if (!decision) return NO_ORDER;
    if (decision.kind === 'refused') return `Not refunded: ${REFUSALS[decision.refusal]}.`;
    // The same result whether the refund was made now or before a crash.
    return JSON.stringify({ refunded: dollars(decision.refund.cents), orderId: at.orderId });
  },
});

const searchKnowledge = defineTool({
  name: 'search-knowledge',
  description: 'The shop’s articles on a question: shipping, returns, refunds, payment, account, warranty, care.',
  input: z.object({ query: z.string().describe('The question, in a few words') }),
  async run({ query }, _, { shop }: SupportServices) {
    const found = searchArticles(await shop.articles(), query);
    if (found.length === 0) return 'No article is about this: escalate unless another tool settles it.';
    return JSON.stringify(found.map(({ id, title, text }) => ({ id, title, text })));
  },
});

/** The tools of the support agent. Each sees only the orders of the task's customer. */
export const supportTools = [orderHistory, shipmentStatus, refund, searchKnowledge] as const;
