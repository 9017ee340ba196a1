import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Sent {
  readonly port: number;
  readonly method: string;
  /** Sent as it is. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request to this machine with any headers, also those that fetch does not allow. Redirects are not followed. */
export async function send({ port, method, path, headers = {} }: Sent) {
  const all = { host: `127.0.0.1:${port}`, ...headers };
  const sent = request({ host: '127.0.0.1', port, method, path, headers: all });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const answered: IncomingHttpHeaders = response.headers;
  return { status: response.statusCode ?? 0, headers: answered, body: await text(response) };
}
