import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { CHECKSUM_ALGORITHMS } from '../checksums.ts';
import type { ChecksumAlgorithm } from '../checksums.ts';
import { noSuchUpload } from '../errors.ts';
import type { Upload } from '../records.ts';
import type { S3Store } from '../store.ts';
import { defined, operation } from './operation.ts';
import { BUCKET_HEADERS, description, DESCRIPTION_HEADERS, DescriptionInput, ObjectInput } from './shapes.ts';

const CreateInput = z.strictObject({
  ...ObjectInput,
  ...DescriptionInput,
  ChecksumAlgorithm: z.enum(CHECKSUM_ALGORITHMS).optional(),
  ChecksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
});

export const createMultipartUpload = operation(
  CreateInput,
  {
    method: 'POST',
    on: 'object',
    marks: ['uploads'],
    headers: {
      ...BUCKET_HEADERS,
      ...DESCRIPTION_HEADERS,
      'x-amz-checksum-algorithm': 'ChecksumAlgorithm',
      'x-amz-checksum-type': 'ChecksumType',
    },
    metadata: true,
    xml: ({ Bucket, Key, UploadId }) => ({
      root: 'InitiateMultipartUploadResult',
      content: { Bucket, Key, UploadId } as never,
    }),
  },
  ({ store }, input) => {
    store.bucket(input.Bucket);
    const algorithm = input.ChecksumAlgorithm;
    const upload = store.uploads.start({
      ...description(input),
      bucket: input.Bucket,
      key: input.Key,
      startedAt: store.now(),
      checksum: algorithm && { algorithm, type: checksumType(algorithm, input.ChecksumType) },
    });
    return defined({
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: upload.id,
      ChecksumAlgorithm: algorithm,
      ChecksumType: upload.checksum?.type,
    });
  },
);

/** The checksum type of a multipart object. CRC64NVME must be FULL_OBJECT, SHA must be COMPOSITE, the others may be either. */
function checksumType(algorithm: ChecksumAlgorithm, requested: 'FULL_OBJECT' | 'COMPOSITE' | undefined) {
  const required = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : algorithm.startsWith('SHA') ? 'COMPOSITE' : undefined;
  if (requested !== undefined && required !== undefined && requested !== required) {
    throw new ServiceError(
      'InvalidRequest',
      `The checksum type ${requested} cannot be used with ${algorithm}. Use ${required}.`,
    );
  }
  return requested ?? required ?? 'COMPOSITE';
}

/** Returns the upload with this id. Throws `NoSuchUpload` if it does not exist or is for another object. */
export function uploadOf(store: S3Store, input: { Bucket: string; Key: string; UploadId: string }): Upload {
  store.bucket(input.Bucket);
  const upload = store.uploads.find(input.UploadId);
  if (upload?.bucket !== input.Bucket || upload.key !== input.Key) throw noSuchUpload();
  return upload;
}

export const abortMultipartUpload = operation(
  z.strictObject({ ...ObjectInput, UploadId: z.string() }),
  {
    method: 'DELETE',
    on: 'object',
    marks: ['uploadId'],
    query: { uploadId: 'UploadId' },
    headers: BUCKET_HEADERS,
    status: 204,
  },
  async ({ store }, input) => {
    const upload = uploadOf(store, input);
    const parts = store.uploads.parts(upload.id);
    store.transact(() => store.uploads.end(upload.id));
    await store.blobs.remove(parts.map((part) => part.blob));
    return {};
  },
);
