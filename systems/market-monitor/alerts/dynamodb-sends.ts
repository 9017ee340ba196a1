import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { writeVersion } from '#adapters/dynamodb/conditional-put.ts';
import { dynamodb, parseBody, readItem, toBody, type Table } from '#runtime/index.ts';
import { sendRecordSchema, type SendKey, type SendStore } from './send-record.ts';

const KEPT_SECONDS = 60 * 86_400;

/** What became of each notification: `ALERTSEND#<notification>`, `TO#<recipient>`. Items of their own, so that a recipient that is slow does not hinder the alert. */
export function dynamodbSends({
  table,
  client = dynamodb(),
}: {
  readonly table: string;
  readonly client?: DynamoDBClient;
}): SendStore {
  const at: Table = { client, table };
  return {
    async get(key) {
      const item = await readItem(at, keyOf(key));
      return item && parseBody(sendRecordSchema, item);
    },
    write: (record) => {
      const item = {
        ...keyOf(record),
        version: { N: String(record.version) },
        expiresAt: { N: String(Math.ceil(record.at / 1_000) + KEPT_SECONDS) },
        body: toBody(record, `The delivery of ${record.notification}`),
      };
      return writeVersion(at, item, record.version);
    },
  };
}

const keyOf = ({ notification, recipient }: SendKey) => ({
  pk: { S: `ALERTSEND#${notification}` },
  sk: { S: `TO#${recipient}` },
});
