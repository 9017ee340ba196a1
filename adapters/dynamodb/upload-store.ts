import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { UploadStore } from '#core/ports/upload-store.ts';
import { uploadSchema, type Upload } from '#core/uploads/upload.ts';
import { dynamodb } from './client.ts';
import { ABSENT, conditionalPut, readItem, writeVersion, type Item, type Table } from './conditional-put.ts';
import { toBody } from './item-body.ts';
import { parseBody } from './record.ts';
import { uploadKey } from './state-table.ts';

export interface DynamodbUploadStoreOptions {
  /** Name of the state table. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Stores uploads in the state table. They never expire, because the item stops a late event from starting a second run. */
export function dynamodbUploadStore({ table, client = dynamodb() }: DynamodbUploadStoreOptions): UploadStore {
  const at: Table = { client, table };
  const get = async (id: string): Promise<Upload | null> => {
    const item = await readItem(at, keyOf(id));
    return item && parseBody(uploadSchema, item);
  };
  return {
    get,
    async create(upload) {
      for (;;) {
        if ((await conditionalPut(at, itemOf(upload), ABSENT)) === 'written') return upload;
        const existing = await get(upload.id);
        if (existing) return existing;
      }
    },
    async replace(next) {
      const outcome = await writeVersion(at, itemOf(next), next.version);
      return outcome === 'written' ? 'replaced' : 'conflict';
    },
  };
}

function keyOf(id: string): Item {
  const { pk, sk } = uploadKey(id);
  return { pk: { S: pk }, sk: { S: sk } };
}

function itemOf(upload: Upload): Item {
  return {
    ...keyOf(upload.id),
    version: { N: String(upload.version) },
    body: toBody(upload, `Upload ${upload.id}`),
  };
}
