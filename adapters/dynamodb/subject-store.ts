import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { EventName, SubjectStore } from '#core/ports/subject-store.ts';
import { sweepAt } from '#core/streams/outbox.ts';
import { subjectItemSchema, type SubjectItem } from '#core/streams/subject-item.ts';
import { dynamodb } from './client.ts';
import { writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { merge } from './merge.ts';
import { queried } from './queried.ts';
import { readItems } from './read-items.ts';
import { parseBody } from './record.ts';

export interface DynamodbSubjectStoreOptions {
  /** Name of a table with the keys `pk` and `sk`, `expiresAt` for its items' lifetime, and the index `outbox`. */
  readonly table: string;
  /** The router's name. Routers that share a table keep apart by it. */
  readonly router: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** A subject without events is forgotten after this long. Seldom ones, such as a halt of a market, have a year. */
const KEPT_DAYS = 400;
const DAY_SECONDS = 86_400;

/** The index of subjects whose outbox is not empty. */
export const OUTBOX_INDEX = 'outbox';

/** As in the state table: one partition of an index takes 1,000 writes a second. */
const SHARDS = 4;

/**
 * Stores the subjects of a router. Each write is one conditional write of one item.
 *
 * | item | pk | sk | index attributes |
 * |---|---|---|---|
 * | subject | `SUBJECT#<subject>` | `ROUTER#<router>` | outbox: while an effect waits |
 * | spilled id | `SUBJECT#<subject>` | `SEEN#<router>#<SHA-256 of source and id>` | |
 */
export function dynamodbSubjectStore({
  table,
  router,
  client = dynamodb(),
}: DynamodbSubjectStoreOptions): SubjectStore {
  const at: Table = { client, table };
  const keyOf = (subject: string): Item => ({ pk: { S: `${PREFIX}${subject}` }, sk: { S: `ROUTER#${router}` } });
  const seenKey = (subject: string, name: EventName): Item => {
    const digest = createHash('sha256').update(JSON.stringify(name)).digest('base64url');
    return { pk: { S: `${PREFIX}${subject}` }, sk: { S: `SEEN#${router}#${digest}` } };
  };
  return {
    async getMany(subjects) {
      const items = await readItems(at, subjects.map(keyOf));
      return new Map(items.map((item) => [subjectOf(item), parseBody(subjectItemSchema, item)]));
    },
    write: (subject, item) =>
      writeVersion(at, { ...keyOf(subject), ...attributesOf(subject, router, item) }, item.version),
    async spill(subject, ids, expiresAt) {
      const lifetime = { expiresAt: { N: String(Math.ceil(expiresAt / 1_000)) } };
      await inParallel(ids, ([source, id]) =>
        client.send(new PutItemCommand({ TableName: table, Item: { ...seenKey(subject, [source, id]), ...lifetime } })),
      );
    },
    async spilled(subject, names) {
      const keys = names.map((name) => [seenKey(subject, name), name] as const);
      const items = await readItems(
        at,
        keys.map(([key]) => key),
      );
      const found = new Set(items.map(({ sk }) => sk?.S));
      return keys.filter(([{ sk }]) => found.has(sk?.S)).map(([, name]) => name);
    },
    waiting: (dueBy) => waiting(at, router, dueBy),
  };
}

const PREFIX = 'SUBJECT#';
const subjectOf = ({ pk }: Item): string => pk?.S?.slice(PREFIX.length) ?? '';

const shardOf = (router: string, shard: number): string => `${router}#${shard}`;

function attributesOf(subject: string, router: string, item: SubjectItem): Item {
  const due = sweepAt(item);
  const newest = Math.max(0, ...item.sources.map(({ at }) => at));
  return {
    version: { N: String(item.version) },
    ...(due !== null && {
      outboxShard: { S: shardOf(router, crc32(subject) % SHARDS) },
      outboxAt: { N: String(due) },
    }),
    // Never with effects that wait.
    ...(due === null && { expiresAt: { N: String(Math.ceil(newest / 1_000) + KEPT_DAYS * DAY_SECONDS) } }),
    body: toBody(item, `The item of ${subject}`),
  };
}

async function* waiting(at: Table, router: string, dueBy: number): AsyncGenerator<string> {
  const shards = Array.from({ length: SHARDS }, (_, shard) =>
    queried(at, {
      IndexName: OUTBOX_INDEX,
      KeyConditionExpression: 'outboxShard = :shard AND outboxAt <= :until',
      ExpressionAttributeValues: { ':shard': { S: shardOf(router, shard) }, ':until': { N: String(dueBy) } },
    }),
  );
  const due = (item: Item): number => Number(item['outboxAt']?.N);
  for await (const item of merge(shards, (a, b) => due(a) - due(b))) yield subjectOf(item);
}
