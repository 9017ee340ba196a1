import { createHmac, hash, type KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ChunkSigner, Payload } from '../../services/payload.ts';
import { signatureError } from './failures.ts';
import type { Signature } from './signature.ts';

/** The markers that S3 accepts instead of a hash, and what they promise. The last two are the SDKs' streams. */
const CHUNKS = new Set(['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER']);
const UNSIGNED = new Set(['UNSIGNED-PAYLOAD', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER']);

/** The hash or marker of an S3 request, which is a part of what was signed; undefined when it is missing or unknown. */
export function s3Payload({ headers, url = '' }: IncomingMessage, presigned: boolean): string | undefined {
  const header = headers['x-amz-content-sha256'];
  const given = typeof header === 'string' ? header : presigned ? inQuery(url) : undefined;
  if (given === undefined) return presigned ? 'UNSIGNED-PAYLOAD' : undefined;
  return CHUNKS.has(given) || UNSIGNED.has(given) || /^[0-9a-f]{64}$/.test(given) ? given : undefined;
}

function inQuery(url: string): string | undefined {
  return new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('X-Amz-Content-Sha256') ?? undefined;
}

export function promiseOf(payload: string, signature: Signature, key: KeyObject): Payload {
  if (UNSIGNED.has(payload)) return { kind: 'unsigned' };
  if (CHUNKS.has(payload)) return { kind: 'chunks', signer: chunkSigner(signature, key) };
  return { kind: 'hash', sha256: payload };
}

const EMPTY = hash('sha256', '');

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html */
function chunkSigner({ amzDate, date, region, service, value }: Signature, key: KeyObject): ChunkSigner {
  let previous = value;
  const check = (algorithm: string, rest: string, given: string | undefined): void => {
    const scope = `${date}/${region}/${service}/aws4_request`;
    const text = `${algorithm}\n${amzDate}\n${scope}\n${previous}\n${rest}`;
    previous = createHmac('sha256', key).update(text).digest('hex');
    if (given !== previous) throw signatureError('s3', { kind: 'mismatch' });
  };
  return {
    chunk: (sha256, given) => check('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY}\n${sha256}`, given),
    trailer: (sha256, given) => check('AWS4-HMAC-SHA256-TRAILER', sha256, given),
  };
}
