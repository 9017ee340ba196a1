import { Readable } from 'node:stream';
import type { Headers } from './messages.ts';

/** A request that came over a channel, with the part of `http.IncomingMessage` that services use. */
export class ServedRequest extends Readable {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly httpVersion = '1.1';
  readonly complete = true;
  readonly socket = { remoteAddress: '127.0.0.1' };
  readonly #body: Buffer;

  constructor(method: string, url: string, headers: Headers, body: Buffer) {
    super();
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.#body = body;
  }

  override _read(): void {
    if (this.#body.length > 0) this.push(this.#body);
    this.push(null);
  }
}
