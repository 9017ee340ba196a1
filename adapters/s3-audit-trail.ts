import { PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import type { AuditEntry, AuditTrail } from '../core/ports/audit-trail.ts';
import { s3 } from './clients/s3.ts';

/** Tries when another writer's attempt at the same entry is under way; it ends within a request's time. */
const ATTEMPTS = 3;

export interface S3AuditTrailOptions {
  readonly bucket: string;
  /** @default the process's own, from the AWS environment */
  readonly client?: S3Client;
}

/**
 * The audit trail as write-once objects, `audit/<yyyy>/<mm>/<dd>/<task id>/<step>-<epoch>-<phase>.json`. The condition
 * keeps an entry from being replaced by us, the bucket's Object Lock from being changed by anybody (I7).
 */
export function s3AuditTrail({ bucket, client = s3() }: S3AuditTrailOptions): AuditTrail {
  return {
    async record(entry) {
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: keyOf(entry),
        Body: JSON.stringify(entry),
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

function keyOf({ at, taskId, step, epoch, phase }: AuditEntry): string {
  const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '/');
  return `audit/${day}/${taskId}/${step}-${epoch}-${phase}.json`;
}

const isStatus = (error: unknown, status: number): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
