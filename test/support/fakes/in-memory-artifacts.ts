import { createHash } from 'node:crypto';
import { FailureError } from '#core/failures/failure.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';

/** Objects in memory. Honours: whole writes, keys in UTF-8 order, ETags that name the bytes. */
export function inMemoryArtifacts(): Artifacts {
  const buckets = new Map<string, Map<string, Uint8Array>>();
  const objects = (bucket: string): Map<string, Uint8Array> => {
    const known = buckets.get(bucket) ?? new Map<string, Uint8Array>();
    buckets.set(bucket, known);
    return known;
  };
  return {
    async get({ bucket, key }) {
      const bytes = objects(bucket).get(key);
      if (bytes) return bytes.slice();
      throw new FailureError({ kind: 'permanent', reason: `The object s3://${bucket}/${key} does not exist.` });
    },
    async put({ bucket, key }, bytes) {
      objects(bucket).set(key, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes.slice());
    },
    async *list(bucket, prefix) {
      const keys = [...objects(bucket).keys()].filter((key) => key.startsWith(prefix));
      for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
        const bytes = objects(bucket).get(key);
        if (bytes) yield { key, size: bytes.length, etag: createHash('md5').update(bytes).digest('hex') };
      }
    },
  };
}
