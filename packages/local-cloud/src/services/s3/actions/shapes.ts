import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { noSuchKey } from '../errors.ts';
import { SYSTEM_METADATA } from '../records.ts';
import type { Description, SystemMetadata, Version } from '../records.ts';
import type { S3Store } from '../store.ts';

/** Parts of inputs and outputs that several operations share. */

export const BucketInput = { Bucket: z.string(), ExpectedBucketOwner: z.string().optional() };
export const ObjectInput = {
  ...BucketInput,
  Key: z.string(),
};
export const BUCKET_HEADERS = { 'x-amz-expected-bucket-owner': 'ExpectedBucketOwner' };

const text = z.string().optional();

/** The headers and metadata a writer can set. ACLs are limited to those without effect by default. */
export const DescriptionInput = {
  CacheControl: text,
  ContentDisposition: text,
  ContentEncoding: text,
  ContentLanguage: text,
  ContentType: text,
  Expires: z.coerce.date().optional(),
  ServerSideEncryption: z.enum(['AES256', 'aws:kms']).optional(),
  SSEKMSKeyId: text,
  BucketKeyEnabled: z.stringbool().or(z.boolean()).optional(),
  StorageClass: z.enum(['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR']).optional(),
  ACL: z.enum(['private', 'bucket-owner-full-control']).optional(),
  // The characters that an HTTP header can carry. SDKs reject others as well.
  Metadata: z.record(z.string().regex(/^[\w.-]+$/), z.string().regex(/^[\t\u0020-\u007E\u00A0-\u00FF]*$/)).default({}),
};
type DescriptionFields = z.output<z.ZodObject<typeof DescriptionInput>>;

export const DESCRIPTION_HEADERS = {
  ...Object.fromEntries(Object.entries(SYSTEM_METADATA).map(([name, header]) => [header, name])),
  'x-amz-acl': 'ACL',
};

const MAX_METADATA_BYTES = 2048;

/** Returns the headers and metadata to store. Throws `MetadataTooLarge` for over 2 kB of user metadata. */
export function description(input: DescriptionFields): Description {
  const system: SystemMetadata = {};
  for (const name of Object.keys(SYSTEM_METADATA) as (keyof SystemMetadata)[]) {
    const value = input[name];
    if (value instanceof Date) system[name] = value.toUTCString();
    else if (value !== undefined) system[name] = String(value);
  }
  const entries = Object.entries(input.Metadata).map(([name, value]) => [name.toLowerCase(), value] as const);
  if (entries.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value), 0) > MAX_METADATA_BYTES) {
    throw new ServiceError(
      'MetadataTooLarge',
      `Your metadata headers exceed the maximum allowed metadata size of ${MAX_METADATA_BYTES} bytes.`,
    );
  }
  return { system, metadata: Object.fromEntries(entries) };
}

export const quoted = (etag: string): string => `"${etag}"`;

/** The version id for a response: present only if the bucket is or was versioned. */
export function versionIdOf(store: S3Store, version: Version): string | undefined {
  return version.versionId !== 'null' || store.findBucket(version.bucket)?.versioning !== undefined
    ? version.versionId
    : undefined;
}

/** The checksum and encryption fields of the response to a write. */
export function receipt({
  checksum,
  system,
}: Pick<Version, 'checksum' | 'system'>): Record<string, string | undefined> {
  return {
    ServerSideEncryption: system.ServerSideEncryption,
    SSEKMSKeyId: system.SSEKMSKeyId,
    ...(checksum && { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type }),
  };
}

/** Returns the version to read. A missing key is a 404; a delete marker requested by its id is a 405. */
export function readable(store: S3Store, bucket: string, key: string, versionId: string | undefined): Version {
  store.bucket(bucket);
  const version =
    versionId === undefined ? store.objects.latest(bucket, key) : store.objects.version(bucket, key, versionId);
  if (version === undefined && versionId !== undefined) throw noSuchVersion(versionId);
  if (version === undefined || (version.deleteMarker && versionId === undefined)) throw noSuchKey(key);
  if (version.deleteMarker) throw markerRead();
  return version;
}

const noSuchVersion = (versionId: string): ServiceError =>
  new ServiceError('NoSuchVersion', `The specified version ${versionId} does not exist.`, 404);

const markerRead = (): ServiceError =>
  new ServiceError('MethodNotAllowed', 'The version is a delete marker. It can be deleted but not read.', 405);
