import { z } from 'zod';
import { invalidArgument } from '../errors.ts';
import { defined, operation } from './operation.ts';
import { BUCKET_HEADERS, BucketInput, quoted } from './shapes.ts';

const PutInput = z.strictObject({
  ...BucketInput,
  ContentMD5: z.string().optional(),
  ChecksumAlgorithm: z.string().optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }),
});

export const putBucketVersioning = operation(
  PutInput,
  {
    method: 'PUT',
    on: 'bucket',
    marks: ['versioning'],
    headers: { ...BUCKET_HEADERS, 'content-md5': 'ContentMD5', 'x-amz-sdk-checksum-algorithm': 'ChecksumAlgorithm' },
    body: { root: 'VersioningConfiguration', read: (document) => ({ VersioningConfiguration: document }) },
  },
  ({ store }, { Bucket, VersioningConfiguration }) => {
    store.saveBucket({ ...store.bucket(Bucket), versioning: VersioningConfiguration.Status });
    return {};
  },
);

export const getBucketVersioning = operation(
  z.strictObject(BucketInput),
  {
    method: 'GET',
    on: 'bucket',
    marks: ['versioning'],
    headers: BUCKET_HEADERS,
    xml: (output) => ({ root: 'VersioningConfiguration', content: output as never }),
  },
  ({ store }, { Bucket }) => defined({ Status: store.bucket(Bucket).versioning }),
);

const ListInput = z.strictObject({
  ...BucketInput,
  Prefix: z.string().default(''),
  MaxKeys: z.coerce.number().pipe(z.int().min(1)).default(1000),
  KeyMarker: z.string().default(''),
  VersionIdMarker: z.string().optional(),
  EncodingType: z.literal('url').optional(),
});

/** Lists all versions and delete markers, newest first within each key. `VersionIdMarker` is a position, not a version id. */
export const listObjectVersions = operation(
  ListInput,
  {
    method: 'GET',
    on: 'bucket',
    marks: ['versions'],
    query: {
      prefix: 'Prefix',
      'max-keys': 'MaxKeys',
      'key-marker': 'KeyMarker',
      'version-id-marker': 'VersionIdMarker',
      'encoding-type': 'EncodingType',
    },
    headers: BUCKET_HEADERS,
    xml: ({ Versions, DeleteMarkers, ...rest }) => ({
      root: 'ListVersionsResult',
      content: { ...rest, Version: Versions, DeleteMarker: DeleteMarkers } as never,
    }),
  },
  ({ store }, input) => {
    store.bucket(input.Bucket);
    const seq = input.VersionIdMarker === undefined ? 0 : Number(input.VersionIdMarker);
    if (!Number.isSafeInteger(seq))
      throw invalidArgument('version-id-marker must be the NextVersionIdMarker of the previous page.');
    const limit = Math.min(input.MaxKeys, 1000);
    const found = store.objects.versions(input.Bucket, input.Prefix, { key: input.KeyMarker, seq }, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const encode = input.EncodingType === 'url' ? encodeURIComponent : (key: string) => key;
    const described = page.map((version) => ({
      deleteMarker: version.deleteMarker,
      entry: {
        Key: encode(version.key),
        VersionId: version.versionId,
        IsLatest: version.latest,
        LastModified: new Date(version.modifiedAt).toISOString(),
        ...(!version.deleteMarker && { ETag: quoted(version.etag), Size: version.size, StorageClass: 'STANDARD' }),
      },
    }));
    return defined({
      Name: input.Bucket,
      Prefix: input.Prefix,
      EncodingType: input.EncodingType,
      MaxKeys: limit,
      IsTruncated: last !== undefined,
      NextKeyMarker: last && encode(last.key),
      NextVersionIdMarker: last && String(last.seq),
      Versions: described.filter((item) => !item.deleteMarker).map((item) => item.entry),
      DeleteMarkers: described.filter((item) => item.deleteMarker).map((item) => item.entry),
    });
  },
);
