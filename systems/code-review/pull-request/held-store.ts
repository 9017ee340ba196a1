import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import { dynamodb, parseBody, parseIfReadable, queried, toBody } from '#runtime/index.ts';
import { nameOf, pullRequestSchema, type PullRequest } from './order.ts';

/** A pull request for whose review money was held. */
export const heldForSchema = storedRecord({
  pull: stored(pullRequestSchema.shape),
  /** The name of the last execution that held some. */
  execution: z.string(),
});
export type HeldFor = z.infer<typeof heldForSchema>;

/** Pull requests for whose reviews money was held. The reconciler settles what their claims leave open. */
export interface HeldStore {
  /** Called before the money is held, by the owner of the claim. It can be repeated. */
  add(heldFor: HeldFor, now: number): Promise<void>;
  /** Strongly consistent. One that this release cannot read is left out and published: others go on. */
  list(): AsyncIterable<HeldFor>;
  /** Unless another execution has held some since. */
  remove(heldFor: HeldFor): Promise<void>;
}

export interface HeldStoreOptions {
  /** Name of the reviews table. Keys: `HELD`, `<owner/name#number>`. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** Money counts for a day. */
const KEPT_SECONDS = 3 * 86_400;

export function dynamodbHeldStore({ table, client = dynamodb() }: HeldStoreOptions): HeldStore {
  return {
    async add(heldFor, now) {
      const item = {
        ...keyOf(heldFor.pull),
        execution: { S: heldFor.execution },
        body: toBody(heldFor, 'A pull request'),
        expiresAt: { N: String(Math.ceil(now / 1_000) + KEPT_SECONDS) },
      };
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
    },
    async *list() {
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': PK } };
      for await (const item of queried({ client, table }, { ...query, ConsistentRead: true })) {
        const heldFor = parseIfReadable((each) => parseBody(heldForSchema, each), item);
        if (heldFor !== null) yield heldFor;
      }
    },
    async remove({ pull, execution }) {
      const remove = new DeleteItemCommand({
        TableName: table,
        Key: keyOf(pull),
        ConditionExpression: 'execution = :execution',
        ExpressionAttributeValues: { ':execution': { S: execution } },
      });
      await client.send(remove).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    },
  };
}

const PK = { S: 'HELD' };
const keyOf = (pull: PullRequest) => ({ pk: PK, sk: { S: nameOf(pull) } });
