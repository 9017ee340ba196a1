import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodb, readItem } from '#runtime/index.ts';
import type { PullRequest } from './order.ts';

/** Which pull requests have had a commit as their head. GitHub does not say it of a pull request from a fork. */
export interface HeadStore {
  /** Notes that a commit is the head of a pull request. It can be repeated. */
  add(pull: PullRequest, head: string, now: number): Promise<void>;
  /** Numbers of pull requests, in ascending order. */
  pullsAt(repository: string, head: string): Promise<readonly number[]>;
}

export interface HeadStoreOptions {
  /** Name of the reviews table. Keys: `HEAD#<owner/name>@<commit>`, `PULLS`. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** As long as a claim. */
const KEPT_SECONDS = 400 * 86_400;

export function dynamodbHeadStore({ table, client = dynamodb() }: HeadStoreOptions): HeadStore {
  return {
    async add({ repository, number }, head, now) {
      const update = new UpdateItemCommand({
        TableName: table,
        Key: keyOf(repository, head),
        UpdateExpression: 'ADD pulls :pulls SET expiresAt = :expiresAt',
        ExpressionAttributeValues: {
          ':pulls': { NS: [String(number)] },
          ':expiresAt': { N: String(Math.ceil(now / 1_000) + KEPT_SECONDS) },
        },
      });
      await client.send(update);
    },
    async pullsAt(repository, head) {
      const item = await readItem({ client, table }, keyOf(repository, head));
      return (item?.['pulls']?.NS ?? []).map(Number).toSorted((a, b) => a - b);
    },
  };
}

const keyOf = (repository: string, head: string) => ({
  pk: { S: `HEAD#${repository.toLowerCase()}@${head}` },
  sk: { S: 'PULLS' },
});
