import { gunzipSync, gzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { FailureError } from '#core/failures/failure.ts';

/** Longer JSON is compressed: a write costs one unit per started KiB, and contracts' JSON shrinks to about a third. */
const COMPRESS_OVER = 4_096;

/** DynamoDB's limit for an item is 400 KB, names included; the rest is left for keys and index attributes. */
const MAX_BODY_BYTES = 390 * 1024;

/**
 * A value as an item's `body`: its JSON as text, or gzipped as bytes once it is long. Keeping it whole spares a
 * conversion of every nested field on the hot path, and gives back exactly what was written.
 * Throws `FailureError` (permanent) for what fits no item even so.
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

/** The value back from an item's `body`, still to be parsed by its schema. */
export function fromBody(body: AttributeValue | undefined): unknown {
  if (body?.S !== undefined) return JSON.parse(body.S);
  if (body?.B !== undefined) return JSON.parse(gunzipSync(body.B).toString('utf8'));
  throw new Error('An item of the state table has no body: it was not written by this fleet.');
}
