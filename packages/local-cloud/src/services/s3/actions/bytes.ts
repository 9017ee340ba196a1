import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { Bytes, WrittenBlob } from '../blobs.ts';
import { CHECKSUM_ALGORITHMS } from '../checksums.ts';
import type { ChecksumAlgorithm } from '../checksums.ts';
import type { S3Store } from '../store.ts';

/** 5 GB: the maximum size of an object uploaded in one request, and of a part. */
const MAX_BYTES = 5 * 1024 ** 3;

const isBytes = (value: unknown): value is Bytes =>
  typeof value === 'string' ||
  value instanceof Uint8Array ||
  (typeof value === 'object' && value !== null && Symbol.asyncIterator in value);

/** Checksums in headers, sent before the body: base64, with the number of parts as a suffix if COMPOSITE. */
export const ChecksumInput = {
  ChecksumCRC32: z.string().optional(),
  ChecksumCRC32C: z.string().optional(),
  ChecksumCRC64NVME: z.string().optional(),
  ChecksumSHA1: z.string().optional(),
  ChecksumSHA256: z.string().optional(),
};

/** A body, its known length and digests, and the trailers of an `aws-chunked` body. */
export const BytesInput = {
  ...ChecksumInput,
  Body: z.custom<Bytes>(isBytes, 'it must be a string, bytes or a stream').default(''),
  ContentLength: z.coerce.number().pipe(z.int().min(0)).optional(),
  ContentMD5: z.base64().optional(),
  ChecksumAlgorithm: z.enum(CHECKSUM_ALGORITHMS).optional(),
  /** The name of the checksum in the trailers, e.g. `x-amz-checksum-crc32`. */
  Trailer: z.string().optional(),
  Trailers: z.custom<() => Readonly<Record<string, string>>>((value) => typeof value === 'function').optional(),
};
type BytesFields = z.output<z.ZodObject<typeof BytesInput>>;

export const CHECKSUM_HEADERS: Readonly<Record<string, string>> = Object.fromEntries(
  CHECKSUM_ALGORITHMS.map((algorithm) => [`x-amz-checksum-${algorithm.toLowerCase()}`, `Checksum${algorithm}`]),
);

export const BYTES_HEADERS = {
  ...CHECKSUM_HEADERS,
  'content-md5': 'ContentMD5',
  'x-amz-sdk-checksum-algorithm': 'ChecksumAlgorithm',
  'x-amz-trailer': 'Trailer',
};

/** Returns the checksum in an input, of any algorithm. */
export function givenChecksum(
  input: z.output<z.ZodObject<typeof ChecksumInput>>,
): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = input[`Checksum${algorithm}`];
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}

/**
 * Writes a body to disk and verifies every digest sent with it: `ContentMD5`, a checksum in the headers and one in the
 * trailers. Throws `BadDigest` on a mismatch and deletes the file.
 * @param also - an additional algorithm to compute
 */
export async function writeBytes(
  store: S3Store,
  input: BytesFields,
  also?: ChecksumAlgorithm,
): Promise<{ blob: WrittenBlob; checksum: { algorithm: ChecksumAlgorithm; value: string } | undefined }> {
  if ((input.ContentLength ?? 0) > MAX_BYTES) {
    throw new ServiceError(
      'EntityTooLarge',
      `One request can have at most ${MAX_BYTES} bytes. Use a multipart upload.`,
    );
  }
  const given = givenChecksum(input);
  const trailing = input.Trailer === undefined ? undefined : trailerAlgorithm(input.Trailer);
  const algorithm = given?.algorithm ?? trailing ?? input.ChecksumAlgorithm ?? also;
  const algorithms = new Set([algorithm, also].filter((name) => name !== undefined));
  const blob = await store.blobs.write(input.Body, [...algorithms]);
  const computed = algorithm && blob.checksums.get(algorithm);
  const expected = given?.value ?? (input.Trailer === undefined ? undefined : input.Trailers?.()[input.Trailer]);
  const md5 = Buffer.from(blob.md5, 'hex').toString('base64');
  const mismatch =
    (expected !== undefined &&
      expected !== computed &&
      `The ${algorithm} you specified did not match the calculated checksum.`) ||
    (input.ContentMD5 !== undefined &&
      input.ContentMD5 !== md5 &&
      'The Content-MD5 you specified did not match what we received.');
  if (typeof mismatch === 'string') {
    await store.blobs.remove([blob]);
    throw new ServiceError('BadDigest', mismatch);
  }
  const kept = also ?? algorithm;
  const value = kept && blob.checksums.get(kept);
  return { blob, checksum: kept !== undefined && value !== undefined ? { algorithm: kept, value } : undefined };
}

function trailerAlgorithm(trailer: string): ChecksumAlgorithm {
  const name = CHECKSUM_HEADERS[trailer];
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => name === `Checksum${known}`);
  if (algorithm === undefined)
    throw new ServiceError('InvalidRequest', `The trailer ${trailer} is not a checksum that S3 supports.`);
  return algorithm;
}
