import { z } from 'zod';
import type { ServiceOutput } from '../../service.ts';
import { checkRead, readRange } from '../conditions.ts';
import type { Version } from '../records.ts';
import { defined, operation } from './operation.ts';
import type { HttpBinding, S3Context } from './operation.ts';
import { BUCKET_HEADERS, ObjectInput, quoted, readable, versionIdOf } from './shapes.ts';

const Input = z.strictObject({
  ...ObjectInput,
  VersionId: z.string().optional(),
  Range: z.string().optional(),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  IfModifiedSince: z.coerce.date().optional(),
  IfUnmodifiedSince: z.coerce.date().optional(),
  ChecksumMode: z.literal('ENABLED').optional(),
  ResponseCacheControl: z.string().optional(),
  ResponseContentDisposition: z.string().optional(),
  ResponseContentEncoding: z.string().optional(),
  ResponseContentLanguage: z.string().optional(),
  ResponseContentType: z.string().optional(),
  ResponseExpires: z.coerce.date().optional(),
});
type Read = z.output<typeof Input>;

const http = {
  on: 'object',
  query: {
    versionId: 'VersionId',
    'response-cache-control': 'ResponseCacheControl',
    'response-content-disposition': 'ResponseContentDisposition',
    'response-content-encoding': 'ResponseContentEncoding',
    'response-content-language': 'ResponseContentLanguage',
    'response-content-type': 'ResponseContentType',
    'response-expires': 'ResponseExpires',
  },
  headers: {
    ...BUCKET_HEADERS,
    range: 'Range',
    'if-match': 'IfMatch',
    'if-none-match': 'IfNoneMatch',
    'if-modified-since': 'IfModifiedSince',
    'if-unmodified-since': 'IfUnmodifiedSince',
    'x-amz-checksum-mode': 'ChecksumMode',
  },
} satisfies Partial<HttpBinding>;

function find(
  { store }: S3Context,
  input: Read,
): { version: Version; start: number; end: number; head: ServiceOutput } {
  const version = readable(store, input.Bucket, input.Key, input.VersionId);
  checkRead(version, input);
  const range = readRange(input.Range, version.size);
  const { start, end } = range ?? { start: 0, end: version.size };
  const whole = range === undefined;
  const head = defined({
    ContentType: 'binary/octet-stream',
    ...version.system,
    ...overrides(input),
    AcceptRanges: 'bytes',
    ContentLength: end - start,
    ContentRange: whole ? undefined : `bytes ${start}-${end - 1}/${version.size}`,
    ETag: quoted(version.etag),
    LastModified: new Date(version.modifiedAt).toISOString(),
    Metadata: version.metadata,
    VersionId: versionIdOf(store, version),
    ...(input.ChecksumMode !== undefined && whole && checksumOf(version)),
  });
  return { version, start, end, head };
}

function checksumOf({ checksum }: Version): ServiceOutput {
  return checksum === undefined
    ? {}
    : { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

/** Headers that the reader sets in place of the stored ones, as in presigned download links. */
function overrides(input: Read): ServiceOutput {
  return defined({
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
    Expires: input.ResponseExpires?.toUTCString(),
  });
}

/** `Body` is a stream here. `invoke` reads it into one `Uint8Array`. */
export const getObject = operation(Input, { ...http, method: 'GET' }, (context, input) => {
  const { version, start, end, head } = find(context, input);
  return { ...head, Body: context.store.blobs.read(version.blobs, start, end) };
});

export const headObject = operation(Input, { ...http, method: 'HEAD' }, (context, input) => find(context, input).head);
