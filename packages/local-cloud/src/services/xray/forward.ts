/** Where spans are sent on to. */
export interface ForwardOptions {
  /** The base URL of a receiver of OTLP over HTTP; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Bytes that wait for a slow receiver. More are lost. */
const MAX_WAITING = 8_000_000;
const TIMEOUT_MS = 10_000;

/**
 * Sends requests on as they came, one after the other. Messages of Protocol Buffers that are joined are one message, so
 * what came meanwhile goes in one request. A receiver that is away loses spans and nothing else.
 */
export class Forwarder {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #sending: Promise<void> | undefined;

  constructor({ endpoint, headers }: ForwardOptions) {
    this.#url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    this.#headers = headers;
  }

  /** Takes a request in Protocol Buffers. */
  take(request: Buffer): void {
    if (this.#bytes + request.length > MAX_WAITING) return;
    this.#waiting.push(request);
    this.#bytes += request.length;
    this.#sending ??= this.#sendAll();
  }

  /** Waits until everything that was taken is sent. */
  async close(): Promise<void> {
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    // More may come in the same turn of the event loop.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const body = Buffer.concat(this.#waiting);
      this.#waiting = [];
      this.#bytes = 0;
      await this.#post(body);
    }
    this.#sending = undefined;
  }

  async #post(body: Buffer): Promise<void> {
    try {
      const headers = { ...this.#headers, 'content-type': 'application/x-protobuf' };
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(this.#url, { method: 'POST', headers, body: new Uint8Array(body), signal });
      await response.body?.cancel();
    } catch {
      // The spans are kept here all the same.
    }
  }
}
