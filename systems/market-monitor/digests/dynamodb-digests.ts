import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { writeVersion } from '#adapters/dynamodb/conditional-put.ts';
import {
  ABSENT,
  conditionalPut,
  dynamodb,
  parseBody,
  parseIfReadable,
  queried,
  readItem,
  toBody,
  type Item,
  type Table,
} from '#runtime/index.ts';
import type { CountStore } from './counts.ts';
import { digestSchema, REVISION } from './digest.ts';
import { findingSchema, type Finding } from './finding.ts';
import { closedSchema, digestRecordSchema, type DigestStore, type FindingStore } from './store.ts';

export interface DigestTableOptions {
  /** Name of the system's table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

const DAY_SECONDS = 86_400;
const KEPT_DAYS = 30;
const DIGEST_DAYS = 400;

const expiry = (at: number, days: number): Item => ({
  expiresAt: { N: String(Math.ceil(at / 1_000) + days * DAY_SECONDS) },
});

/**
 * Findings of the system's table, each written once:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | a finding | `FIND#<portfolio>#<hour>` | `FINDING#<id>` |
 * | a finding that came late, for the digest of this hour | `LATE#<portfolio>#<hour>` | `FINDING#<id>` |
 */
export function dynamodbFindings({ table, client = dynamodb() }: DigestTableOptions): FindingStore {
  const at: Table = { client, table };
  const put = async (kind: string, hour: string, finding: Finding): Promise<void> => {
    const item = {
      pk: { S: `${kind}#${finding.portfolio}#${hour}` },
      sk: { S: `FINDING#${finding.id}` },
      ...expiry(finding.at, KEPT_DAYS),
      body: toBody(finding, `The finding ${finding.id}`),
    };
    // Refused: it is there already.
    await conditionalPut(at, item, ABSENT);
  };
  return {
    put: (finding) => put('FIND', finding.hour, finding),
    putLate: (finding, hour) => put('LATE', hour, finding),
    of: (portfolio, hour) => readFindings(at, `FIND#${portfolio}#${hour}`),
    lateFor: (portfolio, hour) => readFindings(at, `LATE#${portfolio}#${hour}`),
  };
}

async function readFindings(at: Table, pk: string): Promise<Finding[]> {
  const query = {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
    ConsistentRead: true,
  };
  const findings: Finding[] = [];
  for await (const item of queried(at, query)) {
    const finding = parseIfReadable((each) => parseBody(findingSchema, each), item);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

/** Digests of the system's table: `DIGEST#<portfolio>`, `PERIOD#<period>#0001`, and `CLOSED` for how far they have come. */
export function dynamodbDigests({ table, client = dynamodb() }: DigestTableOptions): DigestStore {
  const at: Table = { client, table };
  const key = (portfolio: string, sk: string) => ({ pk: { S: `DIGEST#${portfolio}` }, sk: { S: sk } });
  const periodKey = (portfolio: string, period: string) =>
    key(portfolio, `PERIOD#${period}#${String(REVISION).padStart(4, '0')}`);
  return {
    async closed(portfolio) {
      const item = await readItem(at, key(portfolio, 'CLOSED'));
      return item && parseBody(closedSchema, item);
    },
    close: (portfolio, closed) => {
      const body = toBody(closed, `How far the digests of ${portfolio} have come`);
      const item = { ...key(portfolio, 'CLOSED'), version: { N: String(closed.version) }, body };
      return writeVersion(at, item, closed.version);
    },
    put: (record) => {
      const { portfolio, period, madeAt } = record;
      const body = toBody(record, `The digest ${portfolio}/${period}`);
      const item = { ...periodKey(portfolio, period), ...expiry(madeAt, DIGEST_DAYS), body };
      return conditionalPut(at, item, ABSENT);
    },
    async get(portfolio, period) {
      const item = await readItem(at, periodKey(portfolio, period));
      if (item === null) return null;
      const record = parseBody(digestRecordSchema, item);
      return { ...record, digest: digestSchema.parse(record.digest) };
    },
  };
}

/** Counts of the system's table: `COUNT#<hour>`, `COUNT`. */
export function dynamodbCounts({ table, client = dynamodb() }: DigestTableOptions): CountStore {
  const key = (hour: string) => ({ pk: { S: `COUNT#${hour}` }, sk: { S: 'COUNT' } });
  return {
    async add(hour, { events = 0, rejected = 0, outOfOrder = 0 }) {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: key(hour),
          UpdateExpression:
            'ADD #events :events, #rejected :rejected, #outOfOrder :outOfOrder SET expiresAt = :expiresAt',
          ExpressionAttributeNames: { '#events': 'events', '#rejected': 'rejected', '#outOfOrder': 'outOfOrder' },
          ExpressionAttributeValues: {
            ':events': { N: String(events) },
            ':rejected': { N: String(rejected) },
            ':outOfOrder': { N: String(outOfOrder) },
            ':expiresAt': expiry(Date.parse(`${hour}:00:00Z`), KEPT_DAYS)['expiresAt'] ?? { NULL: true },
          },
        }),
      );
    },
    async of(hour) {
      const item = await readItem({ client, table }, key(hour));
      if (item === null) return null;
      const number = (name: string): number => Number(item[name]?.N ?? 0);
      return { events: number('events'), rejected: number('rejected'), outOfOrder: number('outOfOrder') };
    },
  };
}
