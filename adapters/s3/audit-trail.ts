import type { S3Client } from '@aws-sdk/client-s3';
import { entryText } from '#core/audit/entry.ts';
import type { AuditTrail } from '#core/ports/audit-trail.ts';
import { keyOfEntry } from './audit-keys.ts';
import { s3 } from './client.ts';
import { putOnce } from './put-once.ts';

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
      const Key = keyOfEntry(entry);
      await putOnce(client, { Bucket: bucket, Key, Body: entryText(entry), ContentType: 'application/json' });
    },
  };
}
