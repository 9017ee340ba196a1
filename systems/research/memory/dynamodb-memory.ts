import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { fromBody, queried, readItem, toBody, type Item, type Table } from '#runtime/index.ts';
import { companyMemorySchema, nightRowSchema, type CompanyMemory, type NightRow } from './memory.ts';

/** The research table. */
export interface Memory {
  recall(company: string): Promise<CompanyMemory | null>;
  /** The company last, so that a crash between the two repeats the night of the company with the same result. */
  remember(memory: CompanyMemory, row: NightRow): Promise<void>;
  /** The rows of a night, in no particular order. */
  night(night: string): AsyncIterable<NightRow>;
}

/**
 * What the system remembers:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | a company over all nights: claims, scores | `COMPANY#<id>` | `MEMORY` |
 * | a company in a night: a row of the brief | `NIGHT#<YYYY-MM-DD>` | `COMPANY#<id>` |
 */
export function dynamodbMemory(table: Table): Memory {
  const put = async (key: Item, body: object, what: string): Promise<void> => {
    await table.client.send(new PutItemCommand({ TableName: table.table, Item: { ...key, body: toBody(body, what) } }));
  };
  return {
    async recall(company) {
      const item = await readItem(table, companyKey(company));
      return item && companyMemorySchema.parse(fromBody(item['body']));
    },
    async remember(memory, row) {
      await put(
        { pk: { S: nightKey(row.night) }, sk: { S: `COMPANY#${row.id}` } },
        row,
        `${row.name} in the night ${row.night}`,
      );
      await put(companyKey(memory.id), memory, `The memory of ${memory.name}`);
    },
    async *night(night) {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: nightKey(night) } },
        ConsistentRead: true,
      };
      for await (const item of queried(table, query)) yield nightRowSchema.parse(fromBody(item['body']));
    },
  };
}

const companyKey = (id: string): Item => ({ pk: { S: `COMPANY#${id}` }, sk: { S: 'MEMORY' } });
const nightKey = (night: string): string => `NIGHT#${night}`;
