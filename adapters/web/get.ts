import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pinned, type Addresses } from '../http/pinned.ts';
import { readBody } from './body.ts';

export interface Get {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The only addresses it may connect to. The name is not resolved again. */
  readonly addresses: Addresses;
  /** The port to connect to instead of the URL's. */
  readonly port?: number | undefined;
  readonly signal: AbortSignal;
  /** Bytes of the body after decompression. */
  readonly maxBytes: number;
  /** Whether a longer body is cut at `maxBytes` instead of rejected. */
  readonly cut?: boolean | undefined;
  /** Certificates to trust instead of the usual ones. */
  readonly ca?: string | undefined;
  /** Whether the body is worth reading. Otherwise the connection is closed after the headers. */
  readonly wantsBody: (status: number, headers: IncomingHttpHeaders) => boolean;
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty if it was not wanted. */
  readonly body: Uint8Array;
}

const MAX_HEADER_BYTES = 32_768;

/**
 * Sends one GET over a new connection, only to the given addresses. Follows no redirect, runs nothing and sends no
 * credentials. Throws `BodyRejected`, or the connection's errors.
 */
export async function get(options: Get): Promise<Got> {
  const { url, headers, addresses, port, signal, ca } = options;
  const answered = Promise.withResolvers<IncomingMessage>();
  const settings = {
    method: 'GET',
    headers: { ...headers, host: url.host, 'accept-encoding': 'gzip, deflate, br' },
    // A pooled connection could lead to an address that was checked for another site.
    agent: false,
    lookup: pinned(addresses),
    signal,
    maxHeaderSize: MAX_HEADER_BYTES,
    // An address is not looked up, so it takes the place of the name for the stand-in alone.
    ...(port !== undefined && { hostname: addresses[0].address, port }),
  } as const;
  const request =
    url.protocol === 'https:'
      ? httpsRequest(url, { ...settings, rejectUnauthorized: true, ...(ca !== undefined && { ca }) })
      : httpRequest(url, settings);
  request.once('response', answered.resolve);
  request.on('error', answered.reject);
  request.end();
  try {
    const answer = await answered.promise;
    const status = answer.statusCode ?? 0;
    const wanted = options.wantsBody(status, answer.headers);
    return { status, headers: answer.headers, body: wanted ? await readBody(answer, options) : new Uint8Array() };
  } finally {
    request.destroy();
  }
}
