import { resolve } from 'node:path';
import { paginateScan, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { fromBody } from '#adapters/dynamodb/item-body.ts';
import { putInOrder, type StreamRecord } from '#adapters/kinesis/put-events.ts';
import { readJson } from '#cli/streams/objects.ts';
import { subjectItemSchema, type SubjectItem } from '#core/streams/subject-item.ts';
import { startLocalFleet, type LocalFleetOptions } from '#test/e2e/support/local-fleet.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import type { Alert } from '../../alerts/alert.ts';
import { startReceiver } from '../../cli/market/receiver.ts';
import { dynamodbPortfolios } from '../../portfolios/dynamodb-portfolios.ts';
import { windowSchema, windowsSchema } from '../../windows/window.ts';
import { holderOfDay } from './busy-day.ts';
import { handledCount } from './expected.ts';

const rejectedSchema = z.object({
  records: z.array(z.object({ partition: z.string(), position: z.string(), reason: z.string() })),
});

const RULES = [resolve('systems/market-monitor/simulated-claude/analyst.rule.ts')];

/** A fleet with the market monitor on the local cloud, a portfolio and a receiver of its alerts. */
export async function startMarketFleet(options: Pick<LocalFleetOptions, 'claude' | 'context' | 'kafkaBootstrap'>) {
  const fleet = await startLocalFleet({
    ...options,
    stacks: ['market-monitor'],
    claude: { ...options.claude, rules: RULES },
  });
  const client = new DynamoDBClient(fleet.client);
  const kinesis = new KinesisClient(fleet.client);
  const s3 = new S3Client({ ...fleet.client, forcePathStyle: true });
  const table = { client, table: fleet.output('market-monitor', 'MarketTable') };
  const receiver = await startReceiver(() => undefined);
  const portfolio = holderOfDay(receiver.url);
  await dynamodbPortfolios(table).save({ portfolio, seen: 0, by: 'a test', at: Date.now(), changes: ['created'] });
  return {
    fleet,
    receiver,
    /** Puts records into the Kinesis stream. */
    put: (records: readonly StreamRecord[]) => putInOrder(kinesis, fleet.output('market-monitor', 'Stream'), records),
    alerts: (): Promise<Alert[]> => Array.fromAsync(dynamodbAlerts(table).ofPortfolio(portfolio.id)),
    subjects,
    /** Waits until the router has handled what is expected, with all effects. */
    settled: (expected: ReadonlyMap<string, SubjectItem>): Promise<Map<string, SubjectItem>> =>
      vi.waitFor(
        async () => {
          const found = await subjects();
          expect(handledCount(found)).toBe(handledCount(expected));
          expect([...found.values()].flatMap(({ outbox }) => outbox)).toEqual([]);
          return found;
        },
        { timeout: 400_000, interval: 1_000 },
      ),
    /** The signals of each analyst and subject, in whichever windows. */
    async signals(): Promise<Map<string, string[]>> {
      const items = await scan('WINDOW#');
      const found = items.map(({ pk, sk, body }) => {
        const { signals } = sk === 'NEWEST' ? windowsSchema.parse(body).newest : windowSchema.parse(body);
        return [pk, signals.map(({ id }) => id)] as const;
      });
      const grouped = Map.groupBy(found, ([pk]) => pk);
      return new Map([...grouped].map(([pk, all]) => [pk, all.flatMap(([, ids]) => ids).toSorted(byText)]));
    },
    /** Reasons of the records that the router set aside, each once: a batch that comes again may be cut differently. */
    async rejected(): Promise<string[]> {
      const Bucket = fleet.output('market-monitor', 'RejectedBucket');
      const reasons = new Map<string, string>();
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: 'rejected/' }))
        for (const { Key = '' } of Contents)
          for (const { partition, position, reason } of rejectedSchema.parse(await readJson(s3, Bucket, Key)).records)
            reasons.set(`${partition} ${position}`, reason);
      return [...reasons.values()].toSorted(byText);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await fleet[Symbol.asyncDispose]();
      for (const each of [client, kinesis, s3]) each.destroy();
      await receiver.close();
    },
  };

  /** What the router remembers of each subject. */
  async function subjects(): Promise<Map<string, SubjectItem>> {
    const items = (await scan('SUBJECT#')).filter(({ sk }) => sk.startsWith('ROUTER#'));
    return new Map(items.map(({ pk, body }) => [pk.slice('SUBJECT#'.length), subjectItemSchema.parse(body)]));
  }

  async function scan(prefix: string) {
    const found: { readonly pk: string; readonly sk: string; readonly body: unknown }[] = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table.table }))
      for (const item of Items) {
        const [pk = '', sk = ''] = [item['pk']?.S, item['sk']?.S];
        if (pk.startsWith(prefix) && item['body'] !== undefined) found.push({ pk, sk, body: fromBody(item['body']) });
      }
    return found;
  }
}
export type MarketFleet = Awaited<ReturnType<typeof startMarketFleet>>;

const byText = (one: string, other: string): number => (one < other ? -1 : 1);
