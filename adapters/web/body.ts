import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, gunzipSync } from 'node:zlib';

/** A body that is not read to its end. */
export class BodyRejected extends Error {
  override readonly name = 'BodyRejected';
  readonly why: 'too-large' | 'damaged';

  constructor(why: 'too-large' | 'damaged', message: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
  }
}

interface BodyLimits {
  readonly maxBytes: number;
  readonly cut?: boolean | undefined;
}

const DECODERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Reads a body up to `maxBytes` after decompression, so that neither a compression bomb nor an endless body fills the
 * memory: what arrives is decompressed piece by piece, and the first byte above the limit ends it.
 */
export async function readBody(answer: IncomingMessage, limits: BodyLimits): Promise<Uint8Array> {
  const encoding = (answer.headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return collect(answer, limits);
  const decoder = DECODERS[encoding]?.();
  if (decoder === undefined) throw new BodyRejected('damaged', `The body has the unknown encoding ${encoding}.`);
  // Not by `pipeline`, which would report the end of a connection that is closed on purpose.
  answer.on('error', (error) => decoder.destroy(error));
  answer.on('aborted', () => decoder.destroy(new Error('The connection broke.')));
  answer.pipe(decoder);
  try {
    return await collect(decoder, limits);
  } catch (error) {
    throw isZlib(error) ? new BodyRejected('damaged', 'The compressed body is damaged.', { cause: error }) : error;
  } finally {
    answer.unpipe(decoder);
    decoder.destroy();
  }
}

async function collect(stream: AsyncIterable<Buffer> | Readable, { maxBytes, cut }: BodyLimits): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) {
      if (cut === true) return Buffer.concat(chunks).subarray(0, maxBytes);
      throw new BodyRejected('too-large', `The body has more than ${maxBytes} bytes.`);
    }
  }
  return Buffer.concat(chunks);
}

/** A file that is stored compressed, such as `sitemap.xml.gz`, unpacked within the same limit. Others are returned as they are. */
export function unpacked(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw large
      ? new BodyRejected('too-large', `The file unpacks to more than ${maxBytes} bytes.`, { cause: error })
      : new BodyRejected('damaged', 'The compressed file is damaged.', { cause: error });
  }
}

const isZlib = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(Z_|ERR__?(ERROR|BROTLI)|ERR_BROTLI|ERR_PADDING)/.test(String(error.code));
