import { ServiceError } from '../../service.ts';

/** A decoded body, and the headers that follow it, which are available once the body has been read. */
export interface Unchunked {
  readonly body: AsyncIterable<Uint8Array>;
  readonly trailers: () => Readonly<Record<string, string>>;
}

/** Maximum length of a chunk's first line and of a trailer. */
const MAX_LINE = 16 * 1024;

/**
 * Decodes `aws-chunked`, the encoding in which SDKs send streams. Each chunk is `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`.
 * A chunk of size 0 ends the body, and trailers `name:value\r\n` follow. Signatures are not verified.
 */
export function unchunk(source: AsyncIterable<Uint8Array>): Unchunked {
  const trailers: Record<string, string> = {};
  return { body: read(new Reader(source), trailers), trailers: () => trailers };
}

async function* read(reader: Reader, trailers: Record<string, string>): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    const head = (await reader.line()).split(';', 1)[0] ?? '';
    if (!/^[0-9a-fA-F]{1,12}$/.test(head))
      throw incomplete(`a chunk starts with "${head.slice(0, 20)}" instead of its size`);
    const size = Number.parseInt(head, 16);
    if (size === 0) break;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw incomplete('a chunk is longer than its size');
  }
  for (let line = await reader.trailer(); line !== ''; line = await reader.trailer()) {
    const colon = line.indexOf(':');
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

/** Reads lines and counted bytes from a stream, and buffers the rest. */
class Reader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end !== -1) {
        const line = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      if (this.#rest.length > MAX_LINE || !(await this.#more())) throw incomplete('it ends in the middle of a line');
    }
  }

  /** Reads a line after the last chunk. Returns an empty line at the end of the stream. */
  async trailer(): Promise<string> {
    return this.#rest.length === 0 && !(await this.#more()) ? '' : this.line();
  }

  async *bytes(count: number): AsyncGenerator<Uint8Array, void, undefined> {
    let missing = count;
    while (missing > 0) {
      if (this.#rest.length === 0 && !(await this.#more())) throw incomplete(`${missing} bytes of a chunk are missing`);
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    const bytes = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    return true;
  }
}

const incomplete = (what: string): ServiceError =>
  new ServiceError('IncompleteBody', `The aws-chunked body is not valid: ${what}.`);
