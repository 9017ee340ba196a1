import { once } from 'node:events';
import { request, type Agent, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A response as received. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A request that is sent as is: nothing is escaped, added or rejected on the client side. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, already escaped. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
}

/** Sends a request with Node's HTTP client, which allows more than `fetch`. */
export async function sendRaw(
  url: string,
  { method, path, headers = {}, body }: RawRequest,
  agent?: Agent,
): Promise<RawAnswer> {
  const { hostname, port, pathname } = new URL(url);
  // Set explicitly, because otherwise Node sends the body of a GET as part of the next request.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const whole = `${pathname.replace(/\/$/, '')}${path}`;
  const options = { hostname, port, method, path: whole, headers: { ...headers, ...length } };
  const sent = request({ ...options, ...(agent && { agent }) });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.end(body);
  const [response] = await answered;
  const text = (await buffer(response)).toString('utf8');
  return { status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text };
}
