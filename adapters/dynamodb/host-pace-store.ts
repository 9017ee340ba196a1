import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { HostPaceStore } from '#core/ports/host-pace-store.ts';
import { hostPaceSchema, type HostPace } from '#core/web/politeness.ts';
import { dynamodb } from './client.ts';
import { readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { hostPaceKey } from './state-table.ts';

export interface DynamodbHostPaceStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Stores how each site may be asked in the state table. */
export function dynamodbHostPaceStore({ table, client = dynamodb() }: DynamodbHostPaceStoreOptions): HostPaceStore {
  const at: Table = { client, table };
  return {
    async read(host) {
      const item = await readItem(at, keyOf(host));
      return item && parseBody(hostPaceSchema, item);
    },
    async replace(next) {
      const item: Item = {
        ...keyOf(next.host),
        version: { N: String(next.version) },
        expiresAt: { N: String(expiresAt(next)) },
        body: toBody(next, `The pace of the site ${next.host}`),
      };
      return (await writeVersion(at, item, next.version)) === 'written' ? 'replaced' : 'conflict';
    },
  };
}

const DAY_S = 86_400;

/** A site that nobody asks for two days is forgotten: by then no permit or delay counts. */
const expiresAt = ({ holder, nextAt, blockedUntil }: HostPace): number =>
  Math.ceil(Math.max(holder?.until ?? 0, nextAt, blockedUntil) / 1_000) + 2 * DAY_S;

function keyOf(host: string): Item {
  const { pk, sk } = hostPaceKey(host);
  return { pk: { S: pk }, sk: { S: sk } };
}
