import { PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { entryText } from '#core/audit/entry.ts';
import type { AuditTrail } from '#core/ports/audit-trail.ts';
import { keyOfEntry } from './audit-keys.ts';
import { s3 } from './client.ts';

/** Attempts while another writer is writing the same entry, which takes as long as one request. */
const ATTEMPTS = 3;

export interface S3AuditTrailOptions {
  readonly bucket: string;
  /** @default the process's shared client */
  readonly client?: S3Client;
}

/**
 * Writes the audit trail as write-once objects, one prefix per task ([audit-keys.ts](audit-keys.ts)). The write condition
 * stops us from replacing an entry, and the bucket's Object Lock stops everyone from changing it (I7).
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
