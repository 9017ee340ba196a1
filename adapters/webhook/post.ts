import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Addresses } from './resolve.ts';

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The only addresses it may go to: the name is not resolved again. */
  readonly addresses: Addresses;
  readonly signal: AbortSignal;
  /** Certificates to trust beside the usual ones. */
  readonly ca?: string | undefined;
}

export interface PostAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** How the body begins. */
  readonly start: string;
}

/** Bytes of an answer that are read; the connection ends there. */
const MAX_READ = 1_024;
const MAX_HEADER_BYTES = 16_384;

/**
 * One POST over a connection of its own, to the given addresses alone. Follows no redirect and reads no more of the
 * answer than its status, `retry-after` and the first 1,024 bytes. Throws what the connection throws.
 */
export async function post({ url, headers, body, addresses, signal, ca }: Post): Promise<PostAnswer> {
  const answered = Promise.withResolvers<IncomingMessage>();
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // No kept connection: it might lead to an address that was checked for somebody else.
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

/** The status says what became of the delivery: a body that breaks off, or never ends, changes nothing. */
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
    // What came is enough.
  }
  return Buffer.concat(chunks).subarray(0, MAX_READ).toString('utf8');
}

/** Node asks for one address or, to try several at once, for all. */
function pinned(addresses: Addresses): LookupFunction {
  return (_name, { all }, done) => {
    const [{ address, family }] = addresses;
    if (all === true) done(null, [...addresses]);
    else done(null, address, family);
  };
}
