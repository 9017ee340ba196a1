import { PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { entryText } from '#core/audit/entry.ts';
import type { AuditTrail } from '#core/ports/audit-trail.ts';
import { keyOfEntry } from './audit-keys.ts';
import { s3 } from './client.ts';

/** Tries when another writer's attempt at the same entry is under way; it ends within a request's time. */
const ATTEMPTS = 3;

export interface S3AuditTrailOptions {
  readonly bucket: string;
  /** @default the process's own, from the AWS environment */
  readonly client?: S3Client;
}

/**
 * The audit trail as write-once objects, laid out by task ([audit/keys.ts](audit/keys.ts)). The condition
 * keeps an entry from being replaced by us, the bucket's Object Lock from being changed by anybody (I7).
 */
export function s3AuditTrail({ bucket, client = s3() }: S3AuditTrailOptions): AuditTrail {
  return {
    async record(entry) {
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: keyOfEntry(entry),
        Body: entryText(entry),
        ContentType: 'application/json',
        IfNoneMatch: '*',
      });
      for (let attempt = 1; ; attempt += 1) {
        try {
          await client.send(put);
          return;
        } catch (error) {
          if (isStatus(error, 412)) return;
          if (!isStatus(error, 409) || attempt === ATTEMPTS) throw error;
        }
      }
    },
  };
}

const isStatus = (error: unknown, status: number): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
