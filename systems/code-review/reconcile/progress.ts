import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { writeVersion } from '#adapters/dynamodb/conditional-put.ts';
import { parseBody } from '#adapters/dynamodb/record.ts';
import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import { dynamodb, readItem, toBody } from '#runtime/index.ts';

/** A delivery that has not succeeded. */
const failedSchema = stored({
  /** The newest attempt that failed. */
  id: z.number(),
  /** When GitHub made it, in milliseconds. */
  at: z.number(),
  /** The attempt after which it was sent again: once for each. */
  resent: z.number().optional(),
  /** How often it was sent again. */
  times: z.number().int().nonnegative(),
});
export type Failed = z.infer<typeof failedSchema>;

/** How far the reconciler has come: one item. */
export const progressSchema = storedRecord({
  /** Counts writes: each one is conditional on the version before. */
  version: z.number().int().positive(),
  /** Deliveries up to this time are known, in milliseconds. */
  until: z.number(),
  /** Deliveries that failed, by guid. */
  failed: z.record(z.string(), failedSchema),
  /** The last repository that was looked through, if the last run did not get to the end. */
  after: stored({ installation: z.number(), repository: z.number() }).nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

/** Keeps the progress between runs. */
export interface ProgressStore {
  get(): Promise<Progress | null>;
  /** Writes `next` if the stored version is still `next.version - 1`. */
  replace(next: Progress): Promise<'replaced' | 'conflict'>;
}

const KEY = { pk: { S: 'RECONCILER' }, sk: { S: 'PROGRESS' } };

/** The progress as an item of the reviews table: `RECONCILER`, `PROGRESS`. */
export function dynamodbProgress(table: string, client: DynamoDBClient = dynamodb()): ProgressStore {
  const at = { client, table };
  return {
    async get() {
      const item = await readItem(at, KEY);
      return item === null ? null : parseBody(progressSchema, item);
    },
    async replace(next) {
      const item = { ...KEY, version: { N: String(next.version) }, body: toBody(next, 'The progress') };
      return (await writeVersion(at, item, next.version)) === 'written' ? 'replaced' : 'conflict';
    },
  };
}
