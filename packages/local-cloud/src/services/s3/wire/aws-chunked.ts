import { createHash } from 'node:crypto';
import { sha256, type ChunkSigner } from '../../payload.ts';
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
 * A chunk of size 0 ends the body, and trailers `name:value\r\n` follow. With a signer, each chunk and the trailers must be
 * signed; `signer` is called once the body is read, when the signature of the request has been verified.
 */
export function unchunk(
  source: AsyncIterable<Uint8Array>,
  signer: () => ChunkSigner | undefined = () => undefined,
): Unchunked {
  const trailers: Record<string, string> = {};
  return { body: read(new Reader(source), trailers, signer), trailers: () => trailers };
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

async function* read(
  reader: Reader,
  trailers: Record<string, string>,
  signerOf: () => ChunkSigner | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const signer = signerOf();
  for (;;) {
    const [head = '', extension = ''] = (await reader.line()).split(';', 2);
    if (!/^[0-9a-fA-F]{1,12}$/.test(head))
      throw incomplete(`a chunk starts with "${head.slice(0, 20)}" instead of its size`);
    const size = Number.parseInt(head, 16);
    const signature = /^chunk-signature=([0-9a-f]{64})$/.exec(extension)?.[1];
    if (size === 0) {
      signer?.chunk(sha256(''), signature);
      break;
    }
    if (signer === undefined) yield* reader.bytes(size);
    else yield* signedChunk(reader.bytes(size), (digest) => signer.chunk(digest, signature));
    if ((await reader.line()) !== '') throw incomplete('a chunk is longer than its size');
  }
  for (let line = await reader.trailer(); line !== ''; line = await reader.trailer()) {
    const colon = line.indexOf(':');
    trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { [TRAILER_SIGNATURE]: signature, ...signed } = trailers;
  if (Object.keys(signed).length === 0) return;
  const text = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  signer?.trailer(sha256(text.join('')), signature);
}

/** Passes a chunk on, and checks its signature at its end: the object is stored only when the whole body was read. */
async function* signedChunk(
  bytes: AsyncIterable<Uint8Array>,
  check: (sha256: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const digest = createHash('sha256');
  for await (const piece of bytes) {
    digest.update(piece);
    yield piece;
  }
  check(digest.digest('hex'));
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
