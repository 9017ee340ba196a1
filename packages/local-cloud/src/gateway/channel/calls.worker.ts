/**
 * The environment's end of a channel. It takes the place of `http.request` for calls to the gateway's endpoint, below the
 * AWS SDK, which signs and parses as always. A system call for a socket costs more than such a message.
 *
 * Only requests whose body is short and of known length are sent here. All others use the socket, and so does everything
 * that does not use `http.request` of Node's default export, which the SDK reads when it makes its first call.
 */
import type { IncomingMessage, RequestOptions } from 'node:http';
import { Readable, Writable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import type { Bytes, FromEnvironment, FromGateway, Headers } from './messages.ts';

/** Not imported: that reads every export of the module, and some of them load the whole of fetch. */
const http = process.getBuiltinModule('node:http');

const MAX_BODY = 2 ** 20;

type OnResponse = (response: IncomingMessage) => void;

/** Sends the calls of this thread to `endpoint` over the port. */
export function sendCallsOver(port: MessagePort, endpoint: string): void {
  Object.assign(http, { request: requestOver(port, endpoint, http.request) });
}

/** Returns `http.request`, which sends calls to `endpoint` over the port and everything else with `overSocket`. */
export function requestOver(port: MessagePort, endpoint: string, overSocket: typeof http.request): typeof http.request {
  const { hostname, port: number } = new URL(endpoint);
  const calls = new Calls(port);
  const request = (...given: readonly unknown[]): unknown => {
    const [options, onResponse] = given as [RequestOptions, OnResponse | undefined];
    const toGateway = options.host === hostname && String(options.port) === number;
    const headers = toGateway ? shortHeaders(options.headers) : undefined;
    if (headers === undefined) return Reflect.apply(overSocket, http, given);
    const call = new Call(calls, options.method ?? 'GET', options.path ?? '/', headers);
    if (onResponse !== undefined) call.once('response', onResponse);
    return call;
  };
  return request as typeof http.request;
}

/** The headers of a request with a short body of known length; undefined for any other. */
function shortHeaders(given: RequestOptions['headers']): Headers | undefined {
  if (given === undefined || Array.isArray(given)) return undefined;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) headers[name.toLowerCase()] = String(value);
  }
  const isLong = Number(headers['content-length'] ?? 0) > MAX_BODY;
  if (isLong || headers['expect'] !== undefined || headers['transfer-encoding'] !== undefined) return undefined;
  return headers;
}

/**
 * Returns what posts messages over a port. Those of one turn of the event loop are sent together: waking the other thread
 * costs more than a message.
 */
export function postingTogether<Message>(port: MessagePort): (message: Message) => void {
  let unsent: Message[] = [];
  return (message) => {
    if (unsent.push(message) > 1) return;
    setImmediate(() => {
      const messages = unsent;
      unsent = [];
      port.postMessage(messages);
    });
  };
}

/** The calls of a channel that have no complete response yet. */
class Calls {
  readonly post: (message: FromEnvironment) => void;
  readonly #open = new Map<number, Call>();
  #last = 0;
  #closed = false;

  constructor(port: MessagePort) {
    this.post = postingTogether(port);
    port.on('message', (messages: readonly FromGateway[]) => {
      for (const message of messages) this.#open.get(message.id)?.receive(message);
    });
    port.on('close', () => {
      this.#closed = true;
      for (const call of this.#open.values()) call.destroy(hangUp());
    });
    // The thread lives as long as its runtime waits for events.
    port.unref();
  }

  open(call: Call): number {
    if (this.#closed) call.destroy(hangUp());
    this.#open.set(++this.#last, call);
    return this.#last;
  }

  close(id: number): void {
    this.#open.delete(id);
  }
}

const hangUp = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

/** Callers set timeouts on the socket of a request. These calls have their own limits: those of the SDK's clients. */
const SOCKET = {
  connecting: false,
  setKeepAlive: () => {},
  setTimeout: () => {},
  once: () => {},
  removeListener: () => {},
  destroy: () => {},
};

/** A request, with the part of `http.ClientRequest` that the SDK uses. */
class Call extends Writable {
  readonly socket = SOCKET;
  readonly #calls: Calls;
  readonly #head: { readonly method: string; readonly path: string; readonly headers: Headers };
  #body: Bytes = '';
  #id = 0;
  #answer: Answer | undefined;

  constructor(calls: Calls, method: string, path: string, headers: Headers) {
    super({ decodeStrings: false, autoDestroy: false });
    this.#calls = calls;
    this.#head = { method, path, headers };
  }

  setTimeout(): this {
    return this;
  }

  override _write(chunk: string | Buffer, encoding: BufferEncoding, done: () => void): void {
    const next = typeof chunk === 'string' && encoding !== 'utf8' ? Buffer.from(chunk, encoding) : chunk;
    // A copy, since a message would contain the whole pool of which the buffer is a part.
    const bytes = typeof next === 'string' ? next : new Uint8Array(next);
    this.#body = this.#body === '' ? bytes : new Uint8Array(Buffer.concat([asBuffer(this.#body), asBuffer(bytes)]));
    done();
  }

  override _final(done: () => void): void {
    this.#id = this.#calls.open(this);
    this.#calls.post({ type: 'request', id: this.#id, ...this.#head, body: this.#body });
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const complete = this.#answer?.complete === true;
    this.#calls.close(this.#id);
    if (!complete && this.#id > 0) this.#calls.post({ type: 'abort', id: this.#id });
    if (!complete) this.#answer?.destroy(error ?? hangUp());
    done(error ?? (this.#answer === undefined ? hangUp() : null));
  }

  receive(message: FromGateway): void {
    switch (message.type) {
      case 'response': {
        const read = (): void => this.#calls.post({ type: 'read', id: this.#id });
        this.#answer = new Answer(message.status, message.headers, read, () => this.destroy());
        this.#answer.add(message.body, !message.more);
        if (!message.more) this.destroy();
        this.emit('response', this.#answer);
        return;
      }
      case 'chunk':
        return this.#answer?.add(message.bytes, false);
      case 'end':
        this.#answer?.add('', true);
        return void this.destroy();
      case 'abort':
        return void this.destroy(this.#answer === undefined ? hangUp() : undefined);
    }
  }
}

const asBuffer = (bytes: Bytes): Buffer => (typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.buffer));

/** A response, with the part of `http.IncomingMessage` that the SDK uses. */
class Answer extends Readable {
  readonly statusCode: number;
  readonly statusMessage = '';
  readonly headers: Headers;
  complete = false;
  readonly #read: () => void;
  readonly #gone: () => void;
  #received = false;

  constructor(status: number, headers: Headers, read: () => void, gone: () => void) {
    super();
    this.statusCode = status;
    this.headers = headers;
    this.#read = read;
    this.#gone = gone;
  }

  add(bytes: Bytes, last: boolean): void {
    this.complete = last;
    if (bytes.length > 0) {
      this.#received = true;
      this.push(asBuffer(bytes));
    }
    if (last) this.push(null);
  }

  override _read(): void {
    if (this.complete || !this.#received) return;
    this.#received = false;
    this.#read();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.complete) this.#gone();
    done(error);
  }
}
