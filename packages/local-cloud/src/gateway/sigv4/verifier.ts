import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { bodyHash, promisePayload } from '../../services/payload.ts';
import { canonicalRequest } from './canonical.ts';
import { signatureError, type Failure } from './failures.ts';
import { promiseOf, s3Payload } from './payload.ts';
import { timeOf, type Signature, type Signed } from './signature.ts';
import { SigningKeys } from './signing-keys.ts';

/** The secret behind an access key. */
export interface Secret {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How far the clock of a caller may differ. S3 allows 15 minutes. */
const SKEW_MS = 5 * 60_000;
const S3_SKEW_MS = 15 * 60_000;

/**
 * Verifies signatures of version 4.
 *
 * 1. A request that is not signed by a known key, whole and in time, never reaches an action.
 * 2. The body of a request is what was signed: of S3 it is checked while it is read, of other services before.
 */
export class Verifier {
  readonly #keys = new SigningKeys();
  readonly #secretOf: (accessKeyId: string) => Secret | undefined;
  readonly #now: () => number;

  constructor(secretOf: (accessKeyId: string) => Secret | undefined, now: () => number = Date.now) {
    this.#secretOf = secretOf;
    this.#now = now;
  }

  /** Throws the service's error unless the request is signed. Services other than S3 must have read the body. */
  verify(request: IncomingMessage, signed: Signed, service: string): void {
    const failure = this.#failure(request, signed, service);
    if (failure !== undefined) throw signatureError(service, failure);
  }

  #failure(request: IncomingMessage, signed: Signed, service: string): Failure | undefined {
    if (signed.kind !== 'signed') return signed;
    const { signature } = signed;
    const secret = this.#secretOf(signature.accessKeyId);
    if (secret === undefined) return { kind: 'unknown-key' };
    if (signature.sessionToken !== secret.sessionToken) return { kind: 'wrong-token' };
    const late = this.#late(signature, service);
    if (late !== undefined) return late;
    const names = unsignedHeaders(request, signature);
    if (names !== '') return { kind: 'unsigned-headers', names };
    return this.#compare(request, signature, service, secret);
  }

  #late({ amzDate, expires }: Signature, service: string): Failure | undefined {
    const signedAt = timeOf(amzDate) ?? 0;
    const skew = service === 's3' ? S3_SKEW_MS : SKEW_MS;
    const age = this.#now() - signedAt;
    if (age < -skew) return { kind: 'skewed' };
    if (expires !== undefined) return age >= expires * 1000 ? { kind: 'expired' } : undefined;
    return age > skew ? { kind: 'skewed' } : undefined;
  }

  #compare(request: IncomingMessage, signature: Signature, service: string, secret: Secret): Failure | undefined {
    const s3 = service === 's3';
    const payload = s3 ? s3Payload(request, signature.expires !== undefined) : bodyHash(request);
    if (payload === undefined) {
      return s3
        ? { kind: 'invalid', presigned: false, reason: 'x-amz-content-sha256 is missing' }
        : { kind: 'mismatch' };
    }
    const key = this.#keys.of(signature, secret.secretAccessKey);
    const canonical = canonicalRequest(request, { signedHeaders: signature.signedHeaders, payload, s3 });
    const { amzDate, date, region } = signature;
    const scope = `${date}/${region}/${signature.service}/aws4_request`;
    const text = `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${hash('sha256', canonical)}`;
    const expected = createHmac('sha256', key).update(text).digest();
    if (!timingSafeEqual(expected, Buffer.from(signature.value, 'hex'))) return { kind: 'mismatch' };
    if (s3) promisePayload(request, promiseOf(payload, signature, key));
    return undefined;
  }
}

/** Names of `x-amz-` headers that change what a request does and were not signed. */
function unsignedHeaders({ headers }: IncomingMessage, { signedHeaders, expires }: Signature): string {
  const names = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signedHeaders.includes(name));
  return names.filter((name) => expires === undefined || name !== 'x-amz-content-sha256').join(', ');
}
