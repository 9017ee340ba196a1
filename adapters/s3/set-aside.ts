import { createHash } from 'node:crypto';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { FailedEffect, RejectedRecord, SetAsideStore } from '#core/ports/set-aside-store.ts';
import { s3 } from './client.ts';

export interface S3SetAsideOptions {
  readonly bucket: string;
  /** The router's name. */
  readonly router: string;
  /** @default the process's shared client */
  readonly client?: S3Client;
}

/** Everything that a router sets aside lies below it. */
export const REJECTED_PREFIX = 'rejected/';

/**
 * Keeps what a router sets aside: `rejected/<router>/<day>/<partition>-<first position>-<digest>.json` for records, and
 * `rejected/<router>/effects/<day>/<digest>.json` for effects. The key follows from the content, so that a batch that is
 * delivered again writes the same object.
 */
export function s3SetAside({ bucket, router, client = s3() }: S3SetAsideOptions): SetAsideStore {
  const put = async (key: string, body: unknown): Promise<void> => {
    const Key = `${REJECTED_PREFIX}${router}/${key}.json`;
    const Body = JSON.stringify(body);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType: 'application/json' }));
  };
  return {
    async putRecords(rejected) {
      const [first] = rejected;
      if (!first) return;
      const { partition, position, arrivedAt } = first.record;
      const digest = digestOf(rejected.map(({ record }) => [record.stream, record.partition, record.position]));
      await put(`${dayOf(arrivedAt)}/${partition}-${position}-${digest}`, { records: rejected.map(rejectedJson) });
    },
    async putEffects(failed) {
      const [first] = failed;
      if (!first) return;
      const digest = digestOf(failed.map(({ subject, effect }) => [subject, effect.id]));
      await put(`effects/${dayOf(first.effect.since)}/${digest}`, {
        effects: failed satisfies readonly FailedEffect[],
      });
    },
  };
}

const rejectedJson = ({ record: { bytes, ...position }, reason, detail }: RejectedRecord) => ({
  ...position,
  reason,
  detail,
  bytes: Buffer.from(bytes).toString('base64'),
});

/** The folder of a day, below that of its router. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

const digestOf = (names: unknown): string =>
  createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16);
