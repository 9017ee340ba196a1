import { once } from 'node:events';
import { request, type Agent, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** A request as it shall go over the wire: nothing is escaped, completed or refused on the way. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, escaped as they shall be. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
}

/** Sends a request to an API by Node's own HTTP, which lets more through than `fetch`. */
export async function sendRaw(
  url: string,
  { method, path, headers = {}, body }: RawRequest,
  agent?: Agent,
): Promise<RawAnswer> {
  const { hostname, port, pathname } = new URL(url);
  // Told, since Node lets the body of a GET run into the next request otherwise.
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
