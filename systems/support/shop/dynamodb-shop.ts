import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ABSENT,
  atVersion,
  conditionalPut,
  dynamodb,
  fromBody,
  type Item,
  queried,
  readItem,
  type Table,
  toBody,
} from '#runtime/index.ts';
import { articleSchema, type Article } from './article.ts';
import { customerSchema, orderSchema, type Customer, type Order } from './order.ts';
import type { Shop } from './shop.ts';

export interface DynamodbShopOptions {
  /** Name of the shop's table. */
  readonly table: string;
  /** @default the process's client, from the AWS environment */
  readonly client?: DynamoDBClient;
}

/**
 * The shop's table. All items of a customer are in one partition, so one customer's id gives no access to another's
 * items:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | customer | `CUSTOMER#<id>` | `CUSTOMER` |
 * | order | `CUSTOMER#<customer id>` | `ORDER#<order id>` |
 * | article | `ARTICLES` | `ARTICLE#<id>` |
 */
export function dynamodbShop({ table, client = dynamodb() }: DynamodbShopOptions): Shop {
  const at: Table = { client, table };
  const articles = cachedFor(ARTICLES_MAX_AGE_MS, () => readArticles(at));
  return {
    async customer(customerId) {
      const item = await readItem(at, customerKey(customerId));
      return item && customerSchema.parse(fromBody(item['body']));
    },
    async orders(customerId) {
      const query = {
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: partitionOf(customerId) }, ':prefix': { S: ORDER_PREFIX } },
        ConsistentRead: true,
      };
      const items = await Array.fromAsync(queried(at, query));
      return items.map(orderOf).sort((a, b) => b.placedAt - a.placedAt);
    },
    async order(customerId, orderId) {
      const item = await readItem(at, orderKey(customerId, orderId));
      return item && orderOf(item);
    },
    async replaceOrder(next) {
      const outcome = await conditionalPut(at, orderItem(next), atVersion(next.version - 1));
      return outcome === 'written' ? 'replaced' : 'conflict';
    },
    async add(customer, orders) {
      const items = [customerItem(customer), ...orders.map(orderItem)];
      await Promise.all(items.map((item) => conditionalPut(at, item, ABSENT)));
    },
    articles,
    async publish(article) {
      await client.send(new PutItemCommand({ TableName: table, Item: articleItem(article) }));
    },
  };
}

const ORDER_PREFIX = 'ORDER#';

const partitionOf = (customerId: string): string => `CUSTOMER#${customerId}`;
const customerKey = (id: string): Item => ({ pk: { S: partitionOf(id) }, sk: { S: 'CUSTOMER' } });
const orderKey = (customerId: string, id: string): Item => ({
  pk: { S: partitionOf(customerId) },
  sk: { S: `${ORDER_PREFIX}${id}` },
});

const customerItem = (customer: Customer): Item => ({
  ...customerKey(customer.id),
  body: toBody(customer, `Customer ${customer.id}`),
});

const orderItem = (order: Order): Item => ({
  ...orderKey(order.customerId, order.id),
  version: { N: String(order.version) },
  body: toBody(order, `Order ${order.id}`),
});

const orderOf = (item: Item): Order => orderSchema.parse(fromBody(item['body']));

const ARTICLES_MAX_AGE_MS = 300_000;
const ARTICLES = { S: 'ARTICLES' };

const articleItem = (article: Article): Item => ({
  pk: ARTICLES,
  sk: { S: `ARTICLE#${article.id}` },
  body: toBody(article, `Article ${article.id}`),
});

async function readArticles(at: Table): Promise<readonly Article[]> {
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': ARTICLES } };
  const items = await Array.fromAsync(queried(at, query));
  return items.map((item) => articleSchema.parse(fromBody(item['body'])));
}

/** Caches a value for `ms`. An empty value or a failed read is not cached. */
function cachedFor<Value extends readonly unknown[]>(ms: number, read: () => Promise<Value>): () => Promise<Value> {
  let cached: { readonly until: number; readonly value: Value } | undefined;
  return async () => {
    if (cached && Date.now() < cached.until) return cached.value;
    const value = await read();
    cached = value.length === 0 ? undefined : { until: Date.now() + ms, value };
    return value;
  };
}
