import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SessionStore } from '#core/ports/session-store.ts';
import { sessionSchema, type Session } from '#core/sessions/session.ts';
import { dynamodb } from './client.ts';
import { putIfAbsent, readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { sessionKey } from './state-table.ts';

export interface DynamodbSessionStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Sessions that a process remembers to exist. */
const MAX_KNOWN = 1_000;

/**
 * Stores sessions in the state table.
 *
 * A refused write costs as much as the stored item is large. So `create` reads a session first that this process has seen:
 * its conversation goes on.
 */
export function dynamodbSessionStore({ table, client = dynamodb() }: DynamodbSessionStoreOptions): SessionStore {
  const at: Table = { client, table };
  const known = new Set<string>();
  const get = async (tenant: string, id: string): Promise<Session | null> => {
    const item = await readItem(at, keyOf(tenant, id));
    return item && parseBody(sessionSchema, item);
  };
  return {
    get,
    async create(first) {
      const key = sessionKey(first.tenant, first.id).pk;
      const seen = known.has(key) ? await get(first.tenant, first.id) : null;
      if (seen) return seen;
      const stored = await putIfAbsent(at, itemOf(first));
      if (known.size >= MAX_KNOWN) known.clear();
      known.add(key);
      return stored && parseBody(sessionSchema, stored);
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
