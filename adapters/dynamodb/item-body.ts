import { gunzipSync, gzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { FailureError } from '#core/failures/failure.ts';

/** Longer JSON is compressed. A write costs one unit per started KiB, and the JSON of contracts shrinks to a third. */
const COMPRESS_OVER = 4_096;

/** DynamoDB limits an item to 400 KB including names. The rest is for keys and index attributes. */
const MAX_BODY_BYTES = 390 * 1024;

/**
 * Encodes a value as an item's `body`: JSON text, or gzipped bytes when it is long. One attribute avoids converting every
 * nested field on the hot path, and returns exactly what was written.
 * Throws a permanent `FailureError` if the value is too large even when compressed.
 */
export function toBody(value: unknown, what: string): AttributeValue {
  const json = JSON.stringify(value);
  if (json.length <= COMPRESS_OVER) return { S: json };
  const bytes = gzipSync(json);
  if (bytes.length <= MAX_BODY_BYTES) return { B: bytes };
  const kib = Math.ceil(bytes.length / 1024);
  throw new FailureError({
    kind: 'permanent',
    reason: `${what} takes ${kib} KiB compressed, an item of the state table at most 390: keep big data in the artifact bucket and name it by its key.`,
  });
}

/** Decodes an item's `body`. The caller parses the value with its schema. */
export function fromBody(body: AttributeValue | undefined): unknown {
  if (body?.S !== undefined) return JSON.parse(body.S);
  if (body?.B !== undefined) return JSON.parse(gunzipSync(body.B).toString('utf8'));
  throw new Error('An item of the state table has no body, so this fleet did not write it.');
}
