import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mailRecordSchema } from '#core/mail/record.ts';
import type { MailKey, MailStore } from '#core/ports/mail-store.ts';
import { dynamodb } from './client.ts';
import { readItem, writeVersion, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';

export interface DynamodbMailStoreOptions {
  /** Name of a table with the keys `pk` and `sk`, and `expiresAt` for its items' lifetime. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Longer than any run is redriven: 14 days. */
const LIFETIME_MS = 90 * 86_400_000;

/** Stores what became of each mail: `MAIL#<about>`, `MAIL#<recipient>`. */
export function dynamodbMailStore({ table, client = dynamodb() }: DynamodbMailStoreOptions): MailStore {
  const at: Table = { client, table };
  return {
    async get(key) {
      const item = await readItem(at, keyOf(key));
      return item && parseBody(mailRecordSchema, item);
    },
    write: (key, record) => {
      const item = {
        ...keyOf(key),
        version: { N: String(record.version) },
        expiresAt: { N: String(Math.ceil((record.at + LIFETIME_MS) / 1_000)) },
        body: toBody(record, `The record of the mail about ${key.about}`),
      };
      return writeVersion(at, item, record.version);
    },
  };
}

const keyOf = ({ about, to }: MailKey) => ({ pk: { S: `MAIL#${about}` }, sk: { S: `MAIL#${to.toLowerCase()}` } });
