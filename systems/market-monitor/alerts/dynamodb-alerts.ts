import { ConditionalCheckFailedException, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { byAttention } from '#adapters/dynamodb/attention.ts';
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
import { alertSchema, attentionAt, isMarketWide, partsOf, type Alert } from './alert.ts';
import type { Opening } from './noisy-rule.ts';
import type { AlertStore, Standing } from './ports.ts';
import { silenceSchema, type Silence } from './silence.ts';

export interface AlertStoreOptions {
  /** Name of the system's table, which has the index `attention` by `attentionShard` and `attentionAt`. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** An alert is kept this long after its last change, in days. */
const KEPT_DAYS = 60;
const DAY_MS = 86_400_000;
/** Partitions of the index: one takes 1,000 writes a second. */
const SHARDS = 8;

/**
 * Alerts of the system's table:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | an alert | `ALERT#<portfolio>` | `GROUP#<subject>#<cause>` |
 * | an alert of a whole market | `ALERT#<portfolio>` | `MARKET#<subject>#<cause>` |
 * | a silence | `ALERT#<portfolio>` | `SILENCE#<id>` |
 * | what a rule opened on a day | `ALERT#<portfolio>` | `TODAY#<day>#<rule>` |
 *
 * An alert that somebody must look at has `attentionShard` and `attentionAt`.
 */
export function dynamodbAlerts({ table, client = dynamodb() }: AlertStoreOptions): AlertStore {
  const at: Table = { client, table };
  return {
    async get(id) {
      const key = keyOf(id);
      const item = key && (await readItem(at, key));
      return item && parseBody(alertSchema, item);
    },
    write: (alert) => writeVersion(at, itemOf(alert), alert.version),
    standing: (portfolio) => readStanding(at, portfolio),
    countOpening: (opening) => countOpening(at, opening),
    putSilence: (silence) => conditionalPut(at, silenceItem(silence), ABSENT),
    endSilence: (silence) =>
      conditionalPut(
        at,
        { ...silenceItem(silence), endedAt: { N: String(silence.until) } },
        { ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(endedAt)' },
      ),
    silences: async (portfolio) => (await readStanding(at, portfolio, 'SILENCE#')).silences,
    ofPortfolio: (portfolio, since) => readAlerts(at, portfolio, since),
    async *due(now) {
      for await (const item of byAttention(at, ALL_SHARDS, now)) {
        const id = idOf(item);
        if (id !== null) yield id;
      }
    },
  };
}

const ALL_SHARDS = Array.from({ length: SHARDS }, (_, index) => `ALERT#${index}`);

function itemOf(alert: Alert): Item {
  const at = keyOf(alert.id);
  if (at === null) throw new Error(`${alert.id} is no id of an alert.`);
  const attention = attentionAt(alert);
  return {
    ...at,
    version: { N: String(alert.version) },
    ...(attention !== null && { attentionShard: { S: shardOf(alert.id) }, attentionAt: { N: String(attention) } }),
    ...expiry(Math.max(alert.lastMatchAt, alert.resolved?.at ?? 0), KEPT_DAYS),
    body: toBody(alert, `The alert ${alert.id}`),
  };
}

const key = (portfolio: string, sk: string) => ({ pk: { S: `ALERT#${portfolio}` }, sk: { S: sk } });

function keyOf(id: string): { pk: { S: string }; sk: { S: string } } | null {
  const parts = partsOf(id);
  if (parts === null) return null;
  const { portfolio, subject, cause } = parts;
  return key(portfolio, `${isMarketWide(parts) ? 'MARKET' : 'GROUP'}#${subject}#${cause}`);
}

/** The index has the keys alone. */
function idOf({ pk, sk }: Item): string | null {
  const [, portfolio] = pk?.S?.split('#') ?? [];
  const [, subject, cause] = sk?.S?.split('#') ?? [];
  return portfolio === undefined || subject === undefined || cause === undefined
    ? null
    : `${portfolio}/${subject}/${cause}`;
}

const expiryOf = (at: number, days: number): { N: string } => ({ N: String(Math.ceil((at + days * DAY_MS) / 1_000)) });
const expiry = (at: number, days: number): Item => ({ expiresAt: expiryOf(at, days) });

function shardOf(id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return `ALERT#${sum % SHARDS}`;
}

/** One conditional write: an item with a version would be refused to all but one of the alerts that open at once. */
async function countOpening(
  { client, table }: Table,
  { portfolio, rule, day, key: opened, max }: Opening,
): Promise<'counted' | 'refused'> {
  const count = new UpdateItemCommand({
    TableName: table,
    Key: key(portfolio, `TODAY#${day}#${rule}`),
    UpdateExpression: 'ADD opened :keys SET expiresAt = :expiresAt',
    ConditionExpression: 'attribute_not_exists(opened) OR contains(opened, :key) OR size(opened) < :max',
    ExpressionAttributeValues: {
      ':keys': { SS: [opened] },
      ':key': { S: opened },
      ':max': { N: String(max) },
      ':expiresAt': expiryOf(Date.parse(day), 3),
    },
  });
  try {
    await client.send(count);
    return 'counted';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'refused';
    throw error;
  }
}

/** It is kept as long as an alert: who silenced what, and who ended it. */
const silenceItem = (silence: Silence): Item => ({
  ...key(silence.portfolio, `SILENCE#${silence.id}`),
  ...expiry(silence.until, KEPT_DAYS),
  body: toBody(silence, `The silence ${silence.id}`),
});

/** @param from the beginning of the first sort key */
async function readStanding(at: Table, portfolio: string, from = 'MARKET#'): Promise<Standing> {
  const standing = {
    marketWide: [] as Standing['marketWide'][number][],
    silences: [] as Standing['silences'][number][],
  };
  const query = {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': { S: `ALERT#${portfolio}` },
      ':from': { S: from },
      ':to': { S: 'SILENCE#~' },
    },
    ConsistentRead: true,
  };
  for await (const item of queried(at, query)) {
    const kind = item['sk']?.S?.split('#', 1)[0];
    if (kind === 'MARKET')
      push(
        standing.marketWide,
        parseIfReadable((each) => parseBody(alertSchema, each), item),
      );
    if (kind === 'SILENCE')
      push(
        standing.silences,
        parseIfReadable((each) => parseBody(silenceSchema, each), item),
      );
  }
  return standing;
}

const push = <Read>(list: Read[], read: Read | null): void => {
  if (read !== null) list.push(read);
};

/** What has not changed since is neither sent nor parsed: when an item expires says when its alert changed. */
async function* readAlerts(at: Table, portfolio: string, since = 0): AsyncGenerator<Alert> {
  const query = {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    FilterExpression: 'expiresAt >= :expiresAt',
    ExpressionAttributeValues: {
      ':pk': { S: `ALERT#${portfolio}` },
      ':from': { S: 'GROUP#' },
      ':to': { S: 'MARKET#~' },
      ':expiresAt': expiryOf(since, KEPT_DAYS),
    },
    ConsistentRead: true,
  };
  for await (const item of queried(at, query)) {
    const alert = parseIfReadable((each) => parseBody(alertSchema, each), item);
    if (alert !== null) yield alert;
  }
}
