import type { Article } from './article.ts';
import { customerSchema, orderSchema, type Customer, type Order } from './order.ts';
import type { Shop } from './shop.ts';

/**
 * A shop in memory, for tests. Values are copied in and out, and conditions are checked when the call is made. There
 * is no throttling.
 */
export function inMemoryShop(): Shop {
  const customers = new Map<string, Customer>();
  const orders = new Map<string, Order>();
  const articles = new Map<string, Article>();
  const keyOf = ({ customerId, id }: Pick<Order, 'customerId' | 'id'>): string => `${customerId}/${id}`;
  const read = (key: string): Order | null => {
    const order = orders.get(key);
    return order ? orderSchema.parse(structuredClone(order)) : null;
  };
  return {
    async customer(customerId) {
      const customer = customers.get(customerId);
      return customer ? customerSchema.parse(structuredClone(customer)) : null;
    },
    async orders(customerId) {
      const own = [...orders.entries()].flatMap(([key, order]) =>
        order.customerId === customerId ? (read(key) ?? []) : [],
      );
      return own.sort((a, b) => b.placedAt - a.placedAt);
    },
    order: async (customerId, id) => read(keyOf({ customerId, id })),
    async replaceOrder(next) {
      const key = keyOf(next);
      if (orders.get(key)?.version !== next.version - 1) return 'conflict';
      orders.set(key, structuredClone(next));
      return 'replaced';
    },
    async add(customer, added) {
      if (!customers.has(customer.id)) customers.set(customer.id, structuredClone(customer));
      for (const order of added) if (!orders.has(keyOf(order))) orders.set(keyOf(order), structuredClone(order));
    },
    articles: async () => [...articles.values()],
    async publish(article) {
      articles.set(article.id, article);
    },
  };
}
