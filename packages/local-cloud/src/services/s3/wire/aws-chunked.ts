import { ServiceError } from '../../service.ts';

/** A body taken out of its chunks, and the headers that followed it, known when the body has been read. */
export interface Unchunked {
  readonly body: AsyncIterable<Uint8Array>;
  readonly trailers: () => Readonly<Record<string, string>>;
}

/** The longest line a chunk may begin with, or a trailer may be. */
const MAX_LINE = 16 * 1024;

/**
 * Reads the `aws-chunked` encoding, in which SDKs send streams: each chunk is `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n`,
 * a chunk of size 0 ends the body, trailers `name:value\r\n` follow. Signatures are not checked.
 */
export function unchunk(source: AsyncIterable<Uint8Array>): Unchunked {
  const trailers: Record<string, string> = {};
  return { body: read(new Reader(source), trailers), trailers: () => trailers };
}

async function* read(reader: Reader, trailers: Record<string, string>): AsyncGenerator<Uint8Array, void, undefined> {
  for (;;) {
    const head = (await reader.line()).split(';', 1)[0] ?? '';
    if (!/^[0-9a-fA-F]{1,12}$/.test(head)) throw incomplete(`a chunk begins with «${head.slice(0, 20)}»`);
    const size = Number.parseInt(head, 16);
    if (size === 0) break;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw incomplete('a chunk is longer than it says');
  }
  for (let line = await reader.trailer(); line !== ''; line = await reader.trailer()) {
    const colon = line.indexOf(':');
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
}

/** Takes lines and counted bytes from a stream, keeping what it has not given yet. */
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
      if (this.#rest.length > MAX_LINE || !(await this.#more())) throw incomplete('it ends within a line');
    }
  }

  /** A line after the last chunk; the end of the stream counts as the empty one. */
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
  new ServiceError('IncompleteBody', `The aws-chunked body is broken: ${what}.`);
