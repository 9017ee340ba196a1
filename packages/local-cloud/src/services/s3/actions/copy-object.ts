import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';
import { checkRead, writeCheck } from '../conditions.ts';
import { CHECKSUM_ALGORITHMS } from '../checksums.ts';
import { checkKey, invalidArgument } from '../errors.ts';
import type { Version } from '../records.ts';
import { writeBytes } from './bytes.ts';
import { defined, operation } from './operation.ts';
import type { S3Context } from './operation.ts';
import { WRITE_CONDITION_HEADERS, WriteConditionsInput } from './put-object.ts';
import {
  BUCKET_HEADERS,
  description,
  DESCRIPTION_HEADERS,
  DescriptionInput,
  ObjectInput,
  quoted,
  readable,
  receipt,
  versionIdOf,
} from './shapes.ts';

/** The source of a copy and its conditions. */
export const SourceInput = {
  CopySource: z.string(),
  CopySourceIfMatch: z.string().optional(),
  CopySourceIfNoneMatch: z.string().optional(),
  CopySourceIfModifiedSince: z.coerce.date().optional(),
  CopySourceIfUnmodifiedSince: z.coerce.date().optional(),
};
export const SOURCE_HEADERS = {
  'x-amz-copy-source': 'CopySource',
  'x-amz-copy-source-if-match': 'CopySourceIfMatch',
  'x-amz-copy-source-if-none-match': 'CopySourceIfNoneMatch',
  'x-amz-copy-source-if-modified-since': 'CopySourceIfModifiedSince',
  'x-amz-copy-source-if-unmodified-since': 'CopySourceIfUnmodifiedSince',
};

/** Returns the version named by `bucket/key[?versionId=…]`. For a copy, every failed condition is a 412. */
export function copySource({ store }: S3Context, input: z.output<z.ZodObject<typeof SourceInput>>): Version {
  const match = /^\/?([^/]+)\/(.+?)(?:\?versionId=(.+))?$/s.exec(input.CopySource);
  const [, bucket, key, versionId] = match ?? [];
  if (bucket === undefined || key === undefined)
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  const decoded = decodeKey(key);
  checkKey(decoded);
  const version = readable(store, bucket, decoded, versionId);
  try {
    checkRead(version, {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    });
  } catch {
    throw new ServiceError('PreconditionFailed', 'A condition on the copy source was not met.', 412);
  }
  return version;
}

function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    throw invalidArgument('Copy Source must be URL-encoded');
  }
}

const Input = z.strictObject({
  ...ObjectInput,
  ...SourceInput,
  ...DescriptionInput,
  ...WriteConditionsInput,
  MetadataDirective: z.enum(['COPY', 'REPLACE']).default('COPY'),
  ChecksumAlgorithm: z.enum(CHECKSUM_ALGORITHMS).optional(),
});

export const copyObject = operation(
  Input,
  {
    method: 'PUT',
    on: 'object',
    marks: ['x-amz-copy-source'],
    headers: {
      ...BUCKET_HEADERS,
      ...SOURCE_HEADERS,
      ...DESCRIPTION_HEADERS,
      ...WRITE_CONDITION_HEADERS,
      'x-amz-metadata-directive': 'MetadataDirective',
      'x-amz-checksum-algorithm': 'ChecksumAlgorithm',
    },
    metadata: true,
    xml: (output) => ({ root: 'CopyObjectResult', content: output['CopyObjectResult'] as never }),
  },
  async (context, input) => {
    const { store, caller } = context;
    const source = copySource(context, input);
    rejectCopyOntoItself(source, input);
    store.bucket(input.Bucket);
    const algorithm = input.ChecksumAlgorithm ?? source.checksum?.algorithm;
    const body = { Body: store.blobs.read(source.blobs, 0, source.size), ChecksumAlgorithm: algorithm };
    const { blob, checksum } = await writeBytes(store, body);
    const described = input.MetadataDirective === 'COPY' ? source : description(input);
    const draft = {
      key: input.Key,
      size: blob.size,
      etag: blob.md5,
      system: described.system,
      metadata: described.metadata,
      blobs: [{ name: blob.name, size: blob.size }],
      checksum: checksum && { ...checksum, type: 'FULL_OBJECT' as const },
    };
    try {
      const change = { principal: caller.principal, check: writeCheck(input) };
      const version = await store.put(input.Bucket, draft, 'ObjectCreated:Copy', change);
      return defined({
        CopyObjectResult: copyResult(version),
        VersionId: versionIdOf(store, version),
        CopySourceVersionId: versionIdOf(store, source),
      });
    } catch (error) {
      await store.blobs.remove(draft.blobs);
      throw error;
    }
  },
);

function rejectCopyOntoItself(source: Version, input: z.output<typeof Input>): void {
  if (source.bucket !== input.Bucket || source.key !== input.Key || !source.latest) return;
  if (input.MetadataDirective === 'REPLACE' || input.StorageClass !== undefined) return;
  throw new ServiceError(
    'InvalidRequest',
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
  );
}

function copyResult(version: Version): ServiceOutput {
  const LastModified = new Date(version.modifiedAt).toISOString();
  return defined({ ETag: quoted(version.etag), LastModified, ...receipt({ checksum: version.checksum, system: {} }) });
}
