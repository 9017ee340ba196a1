import { z } from 'zod';
import type { ServiceOutput } from '../../service.ts';
import type { Version } from '../records.ts';
import type { S3Store } from '../store.ts';
import { defined, operation } from './operation.ts';
import { BUCKET_HEADERS, BucketInput, quoted } from './shapes.ts';

const Input = z.strictObject({
  ...BucketInput,
  Prefix: z.string().default(''),
  Delimiter: z.string().default(''),
  MaxKeys: z.coerce.number().pipe(z.int().min(0)).default(1000),
  StartAfter: z.string().default(''),
  ContinuationToken: z.string().optional(),
  EncodingType: z.literal('url').optional(),
  /** Owners are not stored. SDKs do not request them by default. */
  FetchOwner: z.union([z.literal(false), z.literal('false')]).optional(),
});

/** The last code point, which sorts after every key with a common prefix. */
const LAST = '\u{10FFFF}';

interface Page {
  readonly contents: readonly Version[];
  readonly commonPrefixes: readonly string[];
  /** The next page starts after this key. */
  readonly next: string | undefined;
}

/** Lists keys ordered by their bytes. Keys with a common prefix up to the delimiter count as one entry. */
function list(store: S3Store, bucket: string, prefix: string, delimiter: string, after: string, limit: number): Page {
  const contents: Version[] = [];
  const commonPrefixes: string[] = [];
  let position = after;
  if (limit === 0) return { contents, commonPrefixes, next: undefined };
  for (;;) {
    const remaining = limit - contents.length - commonPrefixes.length;
    // One extra key shows whether the list continues. With a delimiter, many keys may become one entry.
    const versions = store.objects.page(
      bucket,
      prefix,
      position,
      delimiter === '' ? remaining + 1 : Math.min(remaining + 1, 100),
    );
    for (const version of versions) {
      if (contents.length + commonPrefixes.length === limit) return { contents, commonPrefixes, next: position };
      const cut = delimiter === '' ? -1 : version.key.indexOf(delimiter, prefix.length);
      if (cut === -1) {
        contents.push(version);
        position = version.key;
        continue;
      }
      const common = version.key.slice(0, cut + delimiter.length);
      commonPrefixes.push(common);
      position = common + LAST;
      break;
    }
    if (versions.length === 0) return { contents, commonPrefixes, next: undefined };
  }
}

export const listObjectsV2 = operation(
  Input,
  {
    method: 'GET',
    on: 'bucket',
    marks: ['list-type'],
    query: {
      prefix: 'Prefix',
      delimiter: 'Delimiter',
      'max-keys': 'MaxKeys',
      'start-after': 'StartAfter',
      'continuation-token': 'ContinuationToken',
      'encoding-type': 'EncodingType',
      'fetch-owner': 'FetchOwner',
    },
    headers: BUCKET_HEADERS,
    xml: ({ Contents, CommonPrefixes, ...rest }) => ({
      root: 'ListBucketResult',
      content: { ...rest, Contents, CommonPrefixes } as never,
    }),
  },
  ({ store }, input) => {
    store.bucket(input.Bucket);
    const after = input.ContinuationToken === undefined ? input.StartAfter : readToken(input.ContinuationToken);
    const limit = Math.min(input.MaxKeys, 1000);
    const page = list(store, input.Bucket, input.Prefix, input.Delimiter, after, limit);
    return describe(input, page);
  },
);

function describe(input: z.output<typeof Input>, { contents, commonPrefixes, next }: Page): ServiceOutput {
  const encode = input.EncodingType === 'url' ? encodeKey : (key: string) => key;
  return defined({
    Name: input.Bucket,
    Prefix: encode(input.Prefix),
    Delimiter: input.Delimiter === '' ? undefined : encode(input.Delimiter),
    StartAfter: input.StartAfter === '' ? undefined : encode(input.StartAfter),
    ContinuationToken: input.ContinuationToken,
    EncodingType: input.EncodingType,
    MaxKeys: Math.min(input.MaxKeys, 1000),
    KeyCount: contents.length + commonPrefixes.length,
    IsTruncated: next !== undefined,
    NextContinuationToken: next === undefined ? undefined : Buffer.from(next).toString('base64url'),
    Contents: contents.length === 0 ? undefined : contents.map((version) => describeEntry(version, encode)),
    CommonPrefixes:
      commonPrefixes.length === 0 ? undefined : commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  });
}

function describeEntry(
  { key, modifiedAt, etag, size, system, checksum }: Version,
  encode: (key: string) => string,
): ServiceOutput {
  return {
    Key: encode(key),
    LastModified: new Date(modifiedAt).toISOString(),
    ETag: quoted(etag),
    ...(checksum && { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type }),
    Size: size,
    StorageClass: system.StorageClass ?? 'STANDARD',
  };
}

const readToken = (token: string): string => Buffer.from(token, 'base64url').toString('utf8');

/** Percent-encodes a key as S3 does in lists, keeping slashes. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/');
}
