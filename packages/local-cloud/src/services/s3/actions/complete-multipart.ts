import { hash } from 'node:crypto';
import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { compositeChecksum, createHasher } from '../checksums.ts';
import type { Checksum } from '../checksums.ts';
import { writeCheck } from '../conditions.ts';
import type { Part, Upload } from '../records.ts';
import type { S3Store } from '../store.ts';
import { CHECKSUM_HEADERS, ChecksumInput, givenChecksum } from './bytes.ts';
import { uploadOf } from './multipart.ts';
import { defined, operation, readDocument } from './operation.ts';
import { WRITE_CONDITION_HEADERS, WriteConditionsInput } from './put-object.ts';
import { BUCKET_HEADERS, ObjectInput, quoted, receipt, versionIdOf } from './shapes.ts';

/** 5 MiB: the minimum size of every part except the last. */
const MIN_PART_BYTES = 5 * 1024 ** 2;

const Given = z.strictObject({
  ...ChecksumInput,
  PartNumber: z.coerce.number().pipe(z.int()),
  ETag: z.string(),
});

const Input = z.strictObject({
  ...ObjectInput,
  ...ChecksumInput,
  ...WriteConditionsInput,
  UploadId: z.string(),
  ChecksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
  MpuObjectSize: z.coerce.number().optional(),
  MultipartUpload: z.strictObject({ Parts: z.array(Given).min(1).max(10_000) }),
});

export const completeMultipartUpload = operation(
  Input,
  {
    method: 'POST',
    on: 'object',
    marks: ['uploadId'],
    query: { uploadId: 'UploadId' },
    headers: {
      ...BUCKET_HEADERS,
      ...CHECKSUM_HEADERS,
      ...WRITE_CONDITION_HEADERS,
      'x-amz-checksum-type': 'ChecksumType',
      'x-amz-mp-object-size': 'MpuObjectSize',
    },
    body: { root: 'CompleteMultipartUpload', read: readParts },
    xml: ({ VersionId: _version, ServerSideEncryption: _encryption, SSEKMSKeyId: _key, ...content }) => ({
      root: 'CompleteMultipartUploadResult',
      content: content as never,
    }),
  },
  async ({ store, caller }, input) => {
    const upload = uploadOf(store, input);
    const parts = selectParts(store, upload, input.MultipartUpload.Parts);
    const size = parts.reduce((sum, part) => sum + part.blob.size, 0);
    if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size) {
      throw new ServiceError(
        'InvalidRequest',
        `The parts have ${size} bytes, but x-amz-mp-object-size is ${input.MpuObjectSize}.`,
      );
    }
    const checksum = await checksumOf(store, upload, parts);
    const given = givenChecksum(input);
    if (given !== undefined && checksum !== undefined && given.value !== checksum.value) {
      throw new ServiceError(
        'BadDigest',
        `The ${given.algorithm} you specified did not match the calculated checksum.`,
      );
    }
    const { key, system, metadata } = upload;
    const etag = `${hash('md5', Buffer.from(parts.map((part) => part.etag).join(''), 'hex'))}-${parts.length}`;
    const draft = { key, size, etag, system, metadata, checksum, blobs: parts.map((part) => part.blob) };
    const unused = store.uploads
      .parts(upload.id)
      .filter((part) => !draft.blobs.some(({ name }) => name === part.blob.name));
    const version = await store.put(upload.bucket, draft, 'ObjectCreated:CompleteMultipartUpload', {
      principal: caller.principal,
      check: writeCheck(input),
      // Checks again: if the upload ended while the checksum was computed, its parts can no longer be used.
      also: () => store.uploads.end(uploadOf(store, input).id),
    });
    await store.blobs.remove(unused.map((part) => part.blob));
    return defined({
      Location: `/${upload.bucket}/${upload.key}`,
      Bucket: upload.bucket,
      Key: upload.key,
      ETag: quoted(version.etag),
      VersionId: versionIdOf(store, version),
      ...receipt(version),
    });
  },
);

/** Returns the stored parts in the order of the caller's list. Throws S3's errors for an invalid list. */
function selectParts(store: S3Store, upload: Upload, given: readonly z.output<typeof Given>[]): Part[] {
  if (given.some(({ PartNumber }, index) => PartNumber <= (given[index - 1]?.PartNumber ?? 0))) {
    throw new ServiceError('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const stored = new Map(store.uploads.parts(upload.id).map((part) => [part.number, part]));
  const parts = given.map(({ PartNumber, ETag, ...checksums }) => {
    const part = stored.get(PartNumber);
    const checksum = givenChecksum(checksums)?.value ?? part?.checksum;
    if (part?.etag !== ETag.replaceAll('"', '') || checksum !== part.checksum) {
      throw new ServiceError(
        'InvalidPart',
        `Part ${PartNumber} was not uploaded, or has a different ETag or checksum.`,
      );
    }
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.blob.size < MIN_PART_BYTES);
  if (small === undefined) return parts;
  const text = `Part ${small.number} must have at least ${MIN_PART_BYTES} bytes. Only the last part may be smaller.`;
  throw new ServiceError('EntityTooSmall', text);
}

async function checksumOf(store: S3Store, upload: Upload, parts: readonly Part[]): Promise<Checksum | undefined> {
  if (upload.checksum === undefined) return undefined;
  const { algorithm, type } = upload.checksum;
  if (type === 'COMPOSITE') {
    return {
      algorithm,
      type,
      value: compositeChecksum(
        algorithm,
        parts.map((part) => part.checksum ?? ''),
      ),
    };
  }
  const hasher = createHasher(algorithm);
  for (const { blob } of parts) for await (const chunk of store.blobs.read([blob], 0, blob.size)) hasher.update(chunk);
  return { algorithm, type, value: hasher.digest().toString('base64') };
}

const Document = z.object({ Part: z.unknown() });

function readParts(document: unknown): ServiceOutput {
  const { Part: part } = readDocument(Document, document);
  return { MultipartUpload: { Parts: [part].flat() } };
}
