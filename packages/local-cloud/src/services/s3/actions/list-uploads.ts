import { z } from 'zod';
import type { ServiceOutput } from '../../service.ts';
import type { Part, Upload } from '../records.ts';
import { uploadOf } from './multipart.ts';
import { defined, operation } from './operation.ts';
import { BUCKET_HEADERS, BucketInput, ObjectInput, quoted } from './shapes.ts';

export const listParts = operation(
  z.strictObject({
    ...ObjectInput,
    UploadId: z.string(),
    MaxParts: z.coerce.number().pipe(z.int().min(1)).default(1000),
    PartNumberMarker: z.coerce.number().default(0),
  }),
  {
    method: 'GET',
    on: 'object',
    marks: ['uploadId'],
    query: { uploadId: 'UploadId', 'max-parts': 'MaxParts', 'part-number-marker': 'PartNumberMarker' },
    headers: BUCKET_HEADERS,
    xml: ({ Parts, ...rest }) => ({ root: 'ListPartsResult', content: { ...rest, Part: Parts } as never }),
  },
  ({ store }, input) => {
    const upload = uploadOf(store, input);
    const after = store.uploads.parts(upload.id).filter((part) => part.number > input.PartNumberMarker);
    const page = after.slice(0, Math.min(input.MaxParts, 1000));
    return defined({
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: upload.id,
      PartNumberMarker: String(input.PartNumberMarker),
      NextPartNumberMarker: page.length === 0 ? undefined : String(page.at(-1)?.number),
      MaxParts: Math.min(input.MaxParts, 1000),
      IsTruncated: after.length > page.length,
      StorageClass: upload.system.StorageClass ?? 'STANDARD',
      ...(upload.checksum && { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
      Parts: page.length === 0 ? undefined : page.map((part) => describePart(upload, part)),
    });
  },
);

function describePart({ checksum }: Upload, part: Part): ServiceOutput {
  return defined({
    PartNumber: part.number,
    LastModified: new Date(part.modifiedAt).toISOString(),
    ETag: quoted(part.etag),
    Size: part.blob.size,
    ...(checksum && { [`Checksum${checksum.algorithm}`]: part.checksum }),
  });
}

export const listMultipartUploads = operation(
  z.strictObject({ ...BucketInput, Prefix: z.string().default('') }),
  {
    method: 'GET',
    on: 'bucket',
    marks: ['uploads'],
    query: { prefix: 'Prefix' },
    headers: BUCKET_HEADERS,
    xml: ({ Uploads, ...rest }) => ({
      root: 'ListMultipartUploadsResult',
      content: { ...rest, Upload: Uploads } as never,
    }),
  },
  ({ store }, { Bucket, Prefix }) => {
    store.bucket(Bucket);
    const uploads = store.uploads.of(Bucket, Prefix).map((upload) => ({
      UploadId: upload.id,
      Key: upload.key,
      Initiated: new Date(upload.startedAt).toISOString(),
      StorageClass: upload.system.StorageClass ?? 'STANDARD',
    }));
    return defined({ Bucket, Prefix, IsTruncated: false, Uploads: uploads.length === 0 ? undefined : uploads });
  },
);
