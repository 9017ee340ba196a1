import type { OutgoingHttpHeaders } from 'node:http';
import { Writable } from 'node:stream';
import type { Bytes, FromGateway, Headers } from './messages.ts';
import type { ServedRequest } from './served-request.ts';

/**
 * A response that goes over a channel, with the part of `http.ServerResponse` that services use. A response in one piece is
 * one message. Of a longer one, each chunk waits until the one before was read.
 */
export class ServedResponse extends Writable {
  readonly req: ServedRequest;
  headersSent = false;
  readonly #id: number;
  readonly #post: (message: FromGateway) => void;
  #status = 200;
  #headers: Headers = {};
  #first: Bytes | undefined;
  #started = false;
  #wasRead = false;
  #next: (() => void) | undefined;

  constructor(req: ServedRequest, id: number, post: (message: FromGateway) => void) {
    super({ decodeStrings: false });
    this.req = req;
    this.#id = id;
    this.#post = post;
  }

  writeHead(status: number, headers: OutgoingHttpHeaders = {}): this {
    this.#status = status;
    this.#headers = Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : String(value)]],
      ),
    );
    this.headersSent = true;
    return this;
  }

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: () => void): void {
    const next = typeof chunk === 'string' && encoding !== 'utf8' ? Buffer.from(chunk, encoding) : chunk;
    // A copy, since a message would contain the whole pool of which the buffer is a part.
    const bytes = typeof next === 'string' ? next : new Uint8Array(next);
    if (this.#first === undefined) {
      this.#first = bytes;
      return done();
    }
    if (!this.#started) this.#respond(this.#first, true);
    this.#next = () => {
      this.#post({ type: 'chunk', id: this.#id, bytes });
      done();
    };
    if (this.#wasRead) this.chunkRead();
  }

  /** The caller has read the latest chunk. */
  chunkRead(): void {
    const next = this.#next;
    this.#next = undefined;
    this.#wasRead = next === undefined;
    next?.();
  }

  override _final(done: () => void): void {
    if (this.#started) this.#post({ type: 'end', id: this.#id });
    else this.#respond(this.#first ?? '', false);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) this.#post({ type: 'abort', id: this.#id });
    done(error);
  }

  #respond(body: Bytes, more: boolean): void {
    this.#started = true;
    this.#post({ type: 'response', id: this.#id, status: this.#status, headers: this.#headers, body, more });
  }
}
