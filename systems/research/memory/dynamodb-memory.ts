import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { fromBody, queried, toBody, type Item, type Table } from '#runtime/index.ts';
import { companyMemorySchema, nightRowSchema, type CompanyMemory, type NightRow } from './memory.ts';

/** Whose memory it is, and of which web: see `spaceSchema`. */
export interface MemoryPlace {
  readonly tenant: string;
  readonly space: string;
}

/** The research table, for one tenant and one web. */
export interface Memory {
  /** What earlier nights left of a company. It holds still during the night. */
  recall(company: string, night: string): Promise<CompanyMemory | null>;
  /** Keeps what a night learned. The same when it is repeated. */
  remember(memory: CompanyMemory, row: NightRow): Promise<void>;
  /** The rows of a night, in no particular order. */
  night(night: string): AsyncIterable<NightRow>;
}

/** Days after which DynamoDB may delete an item. A company that is on the list has a newer one every night. */
const KEPT_DAYS = 400;
const DAY_SECONDS = 86_400;

/**
 * What the system remembers:
 *
 * | item | pk | sk |
 * |---|---|---|
 * | a company after a night: claims, scores, what was read | `COMPANY#<tenant>#<space>#<id>` | `MEMORY#<YYYY-MM-DD>` |
 * | a company in a night: a row of the brief | `NIGHT#<tenant>#<space>#<YYYY-MM-DD>` | `COMPANY#<id>` |
 *
 * A night reads the newest memory before it and writes its own, so that a night that is repeated comes to the same result.
 */
export function dynamodbMemory(table: Table, { tenant, space }: MemoryPlace): Memory {
  const place = `${encodeURIComponent(tenant)}#${space}`;
  const put = async (key: Item, night: string, body: object, what: string): Promise<void> => {
    const expiresAt = { N: String(Date.parse(night) / 1_000 + KEPT_DAYS * DAY_SECONDS) };
    const item = { ...key, expiresAt, body: toBody(body, what) };
    await table.client.send(new PutItemCommand({ TableName: table.table, Item: item }));
  };
  const company = (id: string): Item[string] => ({ S: `COMPANY#${place}#${id}` });
  const rows = (night: string): Item[string] => ({ S: `NIGHT#${place}#${night}` });
  return {
    async recall(id, night) {
      const query = {
        KeyConditionExpression: 'pk = :pk AND sk < :sk',
        ExpressionAttributeValues: { ':pk': company(id), ':sk': { S: `MEMORY#${night}` } },
        ScanIndexForward: false,
        Limit: 1,
        ConsistentRead: true,
      };
      for await (const item of queried(table, query)) return companyMemorySchema.parse(fromBody(item['body']));
      return null;
    },
    async remember(memory, row) {
      const { night, id, name } = row;
      await put({ pk: rows(night), sk: { S: `COMPANY#${id}` } }, night, row, `${name} in the night ${night}`);
      await put(
        { pk: company(memory.id), sk: { S: `MEMORY#${night}` } },
        night,
        memory,
        `The memory of ${memory.name}`,
      );
    },
    async *night(night) {
      const query = {
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': rows(night) },
        ConsistentRead: true,
      };
      for await (const item of queried(table, query)) yield nightRowSchema.parse(fromBody(item['body']));
    },
  };
}
