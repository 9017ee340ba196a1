import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SessionStore } from '#core/ports/session-store.ts';
import { sessionSchema, type Session } from '#core/sessions/session.ts';
import { dynamodb } from './client.ts';
import { readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { sessionKey } from './state-table.ts';

export interface DynamodbSessionStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Stores sessions in the state table. */
export function dynamodbSessionStore({ table, client = dynamodb() }: DynamodbSessionStoreOptions): SessionStore {
  const at: Table = { client, table };
  return {
    async get(tenant, id) {
      const item = await readItem(at, keyOf(tenant, id));
      return item && parseBody(sessionSchema, item);
    },
    async write(next) {
      return (await writeVersion(at, itemOf(next), next.version)) === 'written' ? 'written' : 'conflict';
    },
  };
}

function keyOf(tenant: string, id: string): Item {
  const { pk, sk } = sessionKey(tenant, id);
  return { pk: { S: pk }, sk: { S: sk } };
}

/** When DynamoDB may delete the item: a day after the session expired, and never while a task waits in it. */
const TIDY_AFTER_S = 86_400;

function itemOf(session: Session): Item {
  const expiresAt = Math.ceil(session.expiresAt / 1_000) + TIDY_AFTER_S;
  return {
    ...keyOf(session.tenant, session.id),
    version: { N: String(session.version) },
    body: toBody(session, `Session ${session.id}`),
    ...(session.waiting.length === 0 ? { expiresAt: { N: String(expiresAt) } } : {}),
  };
}
