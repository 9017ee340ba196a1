import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pinned, type Addresses } from '../http/pinned.ts';

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The only addresses it may connect to. The name is not resolved again. */
  readonly addresses: Addresses;
  readonly signal: AbortSignal;
  /** Certificates to trust instead of the usual ones. */
  readonly ca?: string | undefined;
}

export interface PostAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The start of the body. */
  readonly start: string;
}

/** Bytes of a response that are read before the connection is closed. */
const MAX_READ = 1_024;
const MAX_HEADER_BYTES = 16_384;

/**
 * Sends one POST over a new connection, only to the given addresses. Does not follow redirects, and reads only the
 * status, `retry-after` and the first 1,024 bytes of the response. Throws the connection's errors.
 */
export async function post({ url, headers, body, addresses, signal, ca }: Post): Promise<PostAnswer> {
  const answered = Promise.withResolvers<IncomingMessage>();
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // A pooled connection could lead to an address that was checked for another tenant.
    agent: false,
    lookup: pinned(addresses),
    signal,
    maxHeaderSize: MAX_HEADER_BYTES,
  } as const;
  const request =
    url.protocol === 'https:'
      ? httpsRequest(url, { ...options, rejectUnauthorized: true, ...(ca !== undefined && { ca }) })
      : httpRequest(url, options);
  request.once('response', answered.resolve);
  request.on('error', answered.reject);
  request.end(body);
  try {
    const answer = await answered.promise;
    const start = await startOf(answer);
    return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], start };
  } finally {
    request.destroy();
  }
}

/** Reads the start of the body. Only the status decides the delivery, so a body that breaks off or never ends is fine. */
async function startOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= MAX_READ) break;
    }
  } catch {
    // The part that arrived is enough.
  }
  return Buffer.concat(chunks).subarray(0, MAX_READ).toString('utf8');
}
