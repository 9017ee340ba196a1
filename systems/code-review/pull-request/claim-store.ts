import { PutItemCommand, type AttributeValue, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { writeVersion } from '#adapters/dynamodb/conditional-put.ts';
import { parseBody } from '#adapters/dynamodb/record.ts';
import { FailureError } from '#core/failures/failure.ts';
import { dynamodb, fromBody, readItem, toBody, type Item, type Table } from '#runtime/index.ts';
import { readReviewRecord, type ReviewRecord } from '../findings/review-record.ts';
import { claimSchema, type Claim } from './claim.ts';
import { nameOf, type PullRequest } from './order.ts';

/** Claims of pull requests. */
export interface ClaimStore {
  /** Strongly consistent. Throws `UnreadableRecord`. */
  get(pull: PullRequest): Promise<Claim | null>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  replace(pull: PullRequest, next: Claim): Promise<'replaced' | 'conflict'>;
}

/** Records of the last review of each pull request. */
export interface RecordStore {
  /** Null when there is none, or none that this release can read. */
  get(pull: PullRequest): Promise<ReviewRecord | null>;
  /** A record that is too large for an item is dropped: the next review reads everything again. */
  put(pull: PullRequest, record: ReviewRecord, now: number): Promise<void>;
}

export interface ClaimStoreOptions {
  /** Name of the reviews table. Keys: `PULL#<owner/name#number>`, `CLAIM` and `RECORD`. */
  readonly table: string;
  /** @default the process's shared client */
  readonly client?: DynamoDBClient;
}

/** A claim is kept this long after its last write, in days. Then the pull request counts as never seen. */
const KEPT_DAYS = 400;

export function dynamodbClaimStore({ table, client = dynamodb() }: ClaimStoreOptions): ClaimStore {
  const at: Table = { client, table };
  return {
    async get(pull) {
      const item = await readItem(at, keyOf(pull, 'CLAIM'));
      return item === null ? null : parseBody(claimSchema, item);
    },
    async replace(pull, next) {
      const item = {
        ...keyOf(pull, 'CLAIM'),
        version: { N: String(next.version) },
        ...expiry(next.since),
        body: toBody(next, 'The claim'),
      };
      return (await writeVersion(at, item, next.version)) === 'written' ? 'replaced' : 'conflict';
    },
  };
}

export function dynamodbRecordStore({ table, client = dynamodb() }: ClaimStoreOptions): RecordStore {
  return {
    async get(pull) {
      const item = await readItem({ client, table }, keyOf(pull, 'RECORD'));
      return item === null ? null : readReviewRecord(fromBody(item['body']));
    },
    async put(pull, record, now) {
      const item = { ...keyOf(pull, 'RECORD'), body: bodyOf(record), ...expiry(now) };
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
    },
  };
}

function bodyOf(record: ReviewRecord): AttributeValue {
  try {
    return toBody(record, 'The record of the review');
  } catch (error) {
    if (error instanceof FailureError) return toBody({}, 'No record');
    throw error;
  }
}

const expiry = (since: number): Item => ({ expiresAt: { N: String(Math.ceil(since / 1_000) + KEPT_DAYS * 86_400) } });

const keyOf = (pull: PullRequest, what: 'CLAIM' | 'RECORD') => ({ pk: { S: `PULL#${nameOf(pull)}` }, sk: { S: what } });
