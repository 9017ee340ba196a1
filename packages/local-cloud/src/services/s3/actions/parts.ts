import { z } from 'zod';
import { readRange } from '../conditions.ts';
import { noSuchUpload } from '../errors.ts';
import type { Part, Upload } from '../records.ts';
import type { S3Store } from '../store.ts';
import { BYTES_HEADERS, BytesInput, writeBytes } from './bytes.ts';
import { copySource, SOURCE_HEADERS, SourceInput } from './copy-object.ts';
import { uploadOf } from './multipart.ts';
import { defined, operation } from './operation.ts';
import { BUCKET_HEADERS, ObjectInput, quoted } from './shapes.ts';

const PartInput = { UploadId: z.string(), PartNumber: z.coerce.number().pipe(z.int().min(1).max(10_000)) };
const PART_QUERY = { uploadId: 'UploadId', partNumber: 'PartNumber' };

/** Stores a part, or deletes its bytes if the upload ended while they were received. */
async function storePart(store: S3Store, upload: Upload, part: Part): Promise<void> {
  const stored = store.transact(() => {
    if (store.uploads.find(upload.id) === undefined) return undefined;
    return { replaced: store.uploads.putPart(upload.id, part) };
  });
  if (stored?.replaced !== undefined) await store.blobs.remove([stored.replaced]);
  if (stored !== undefined) return;
  await store.blobs.remove([part.blob]);
  throw noSuchUpload();
}

export const uploadPart = operation(
  z.strictObject({ ...ObjectInput, ...PartInput, ...BytesInput }),
  {
    method: 'PUT',
    on: 'object',
    marks: ['partNumber', 'uploadId'],
    query: PART_QUERY,
    headers: { ...BUCKET_HEADERS, ...BYTES_HEADERS },
    body: 'stream',
  },
  async ({ store }, input) => {
    const upload = uploadOf(store, input);
    const { blob, checksum } = await writeBytes(store, input, upload.checksum?.algorithm);
    const part = {
      number: input.PartNumber,
      blob: { name: blob.name, size: blob.size },
      etag: blob.md5,
      checksum: checksum?.value,
      modifiedAt: store.now(),
    };
    await storePart(store, upload, part);
    return defined({
      ETag: quoted(part.etag),
      ServerSideEncryption: upload.system.ServerSideEncryption,
      ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value }),
    });
  },
);

export const uploadPartCopy = operation(
  z.strictObject({ ...ObjectInput, ...PartInput, ...SourceInput, CopySourceRange: z.string().optional() }),
  {
    method: 'PUT',
    on: 'object',
    marks: ['partNumber', 'uploadId', 'x-amz-copy-source'],
    query: PART_QUERY,
    headers: { ...BUCKET_HEADERS, ...SOURCE_HEADERS, 'x-amz-copy-source-range': 'CopySourceRange' },
    xml: (output) => ({ root: 'CopyPartResult', content: output['CopyPartResult'] as never }),
  },
  async (context, input) => {
    const { store } = context;
    const upload = uploadOf(store, input);
    const source = copySource(context, input);
    const { start, end } = readRange(input.CopySourceRange, source.size) ?? { start: 0, end: source.size };
    const body = { Body: store.blobs.read(source.blobs, start, end) };
    const { blob, checksum } = await writeBytes(store, body, upload.checksum?.algorithm);
    const modifiedAt = store.now();
    const part = {
      number: input.PartNumber,
      blob: { name: blob.name, size: blob.size },
      etag: blob.md5,
      checksum: checksum?.value,
      modifiedAt,
    };
    await storePart(store, upload, part);
    return { CopyPartResult: { ETag: quoted(part.etag), LastModified: new Date(modifiedAt).toISOString() } };
  },
);
