import { createHash, hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ServiceError } from './service.ts';

/** What the signature of a request says about its body. */
export type Payload =
  /** The body has this SHA-256, in hexadecimal. */
  | { readonly kind: 'hash'; readonly sha256: string }
  /** Each chunk of the body has a signature, and so have the trailers. */
  | { readonly kind: 'chunks'; readonly signer: ChunkSigner }
  | { readonly kind: 'unsigned' };

/** Checks the signatures of an `aws-chunked` body in order. */
export interface ChunkSigner {
  /** Throws `SignatureDoesNotMatch`. */
  chunk(sha256: string, signature: string | undefined): void;
  trailer(sha256: string, signature: string | undefined): void;
}

const promised = new WeakMap<IncomingMessage, Payload>();
const read = new WeakMap<IncomingMessage, Buffer>();

export function promisePayload(request: IncomingMessage, payload: Payload): void {
  promised.set(request, payload);
}

export function payloadOf(request: IncomingMessage): Payload {
  return promised.get(request) ?? { kind: 'unsigned' };
}

/** Remembers the body, from which the signature of the request is computed. */
export function rememberBody(request: IncomingMessage, body: Buffer): void {
  read.set(request, body);
}

/** The body, when it has been read. */
export const bodyOf = (request: IncomingMessage): Buffer | undefined => read.get(request);

/** The SHA-256 of the body that a service has read; undefined when it has not. */
export function bodyHash(request: IncomingMessage): string | undefined {
  const body = read.get(request);
  return body === undefined ? undefined : sha256(body);
}

export const sha256 = (data: string | Uint8Array): string => hash('sha256', data);

/** Passes a body on while it is read. Throws at its end when it is not the one that was signed. */
export async function* signedBody(
  body: AsyncIterable<Uint8Array>,
  expected: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const digest = createHash('sha256');
  for await (const chunk of body) {
    digest.update(chunk);
    yield chunk;
  }
  if (digest.digest('hex') !== expected) throw payloadMismatch();
}

export const payloadMismatch = (): ServiceError =>
  new ServiceError(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
