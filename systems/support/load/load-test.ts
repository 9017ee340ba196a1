import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fillShop } from '../samples/shop.ts';
import { dynamodbShop } from '../shop/dynamodb-shop.ts';
import { dayPhases, type Arrival, type Phase } from './day.ts';
import { judge, type Judged, type Result } from './judge.ts';
import { createTraffic, type TrafficOptions } from './traffic.ts';
import { messagesIn } from './volume.ts';

export interface LoadTestOptions extends Omit<TrafficOptions, 'messages'> {
  /** A multiple of the expected volume (volume.ts), or messages per second. */
  readonly volume: number | { readonly rate: number };
}

/** The shop's table. */
export interface ShopTableClient {
  readonly table: string;
  readonly client: DynamoDBClient;
}

/** A load test's messages in order of arrival, and the judge of the results. */
export interface LoadTest {
  readonly arrivals: readonly Arrival[];
  /** About the busiest hour, and the climb from the night to it. */
  readonly peak: Phase;
  readonly climb: Phase;
  /** Adds the customers, their orders and the articles to the shop. */
  fill(shop: ShopTableClient): Promise<void>;
  /**
   * Compares the results with the correct outcomes and the shop's orders.
   * @param sent ids of the messages that were sent
   */
  judge(shop: ShopTableClient, results: readonly Result[], sent: ReadonlySet<string>): Promise<Judged>;
}

/** Prepares a load test of the support system. */
export function prepareLoadTest({ volume, ...options }: LoadTestOptions): LoadTest {
  const { seconds } = options;
  const messages = typeof volume === 'number' ? messagesIn(seconds, volume) : volume.rate * seconds;
  const { customers, arrivals } = createTraffic({ ...options, messages });
  return {
    arrivals,
    ...dayPhases(seconds),
    fill: (shop) => fillShop(dynamodbShop(shop), customers),
    async judge(table, results, sent) {
      const shop = dynamodbShop(table);
      const orders = [];
      for (const { customer } of customers) orders.push(...(await shop.orders(customer.id)));
      const messages = arrivals.map(({ message }) => message).filter(({ id }) => sent.has(id));
      return judge(messages, results, orders);
    },
  };
}
