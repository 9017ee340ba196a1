import { createHash } from 'node:crypto';
import { FailureError } from '#core/failures/failure.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';

interface Stored {
  readonly bytes: Uint8Array;
  readonly modifiedAt: number;
}

/** Objects in memory. Honours: whole writes, one creation of a key, keys in UTF-8 order, ETags that name the bytes, times of writing. */
export function inMemoryArtifacts(now: () => number = () => 0): Artifacts {
  const buckets = new Map<string, Map<string, Stored>>();
  const objects = (bucket: string): Map<string, Stored> => {
    const known = buckets.get(bucket) ?? new Map<string, Stored>();
    buckets.set(bucket, known);
    return known;
  };
  const write = (bucket: string, key: string, bytes: Uint8Array | string): void => {
    const copy = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes.slice();
    objects(bucket).set(key, { bytes: copy, modifiedAt: now() });
  };
  return {
    async get({ bucket, key }) {
      const bytes = objects(bucket).get(key)?.bytes;
      if (bytes) return bytes.slice();
      throw new FailureError({ kind: 'permanent', reason: `The object s3://${bucket}/${key} does not exist.` });
    },
    put: async ({ bucket, key }, bytes) => write(bucket, key, bytes),
    async create({ bucket, key }, bytes) {
      if (objects(bucket).has(key)) return false;
      write(bucket, key, bytes);
      return true;
    },
    async *list(bucket, prefix) {
      const keys = [...objects(bucket).keys()].filter((key) => key.startsWith(prefix));
      for (const key of keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
        const stored = objects(bucket).get(key);
        if (!stored) continue;
        const { bytes, modifiedAt } = stored;
        yield { key, size: bytes.length, etag: createHash('md5').update(bytes).digest('hex'), modifiedAt };
      }
    },
  };
}
