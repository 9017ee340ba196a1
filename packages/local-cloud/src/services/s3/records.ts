import type { Blob } from './blobs.ts';
import type { Checksum } from './checksums.ts';
import type { NotificationConfiguration } from './notifications/configuration.ts';
import type { ReplicationConfiguration } from './replication/configuration.ts';

/** A bucket. Times are milliseconds since 1970. */
export interface Bucket {
  readonly name: string;
  readonly createdAt: number;
  readonly versioning: 'Enabled' | 'Suspended' | undefined;
  readonly notifications: NotificationConfiguration;
  /** What is copied to buckets of other regions. @default nothing */
  readonly replication?: ReplicationConfiguration | undefined;
}

/** The headers that a writer sets and a reader gets back unchanged, keyed by their SDK names. */
export const SYSTEM_METADATA = {
  CacheControl: 'cache-control',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  ContentType: 'content-type',
  Expires: 'expires',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  BucketKeyEnabled: 'x-amz-server-side-encryption-bucket-key-enabled',
  StorageClass: 'x-amz-storage-class',
} as const;
export type SystemMetadata = Partial<Record<keyof typeof SYSTEM_METADATA, string>>;

/** An object's headers and metadata, set by its writer. */
export interface Description {
  readonly system: SystemMetadata;
  /** `x-amz-meta-…`, with names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The stored content of a version that has no column of its own. */
export interface Content extends Description {
  readonly blobs: readonly Blob[];
  readonly checksum: Checksum | undefined;
}

/** An object before it is stored. */
export interface Draft extends Content {
  readonly key: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
}

/** A stored version of an object, or a delete marker. */
export interface Version extends Draft {
  readonly bucket: string;
  /** `null` if the bucket was not versioned when it was written. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly latest: boolean;
  readonly modifiedAt: number;
}

/** A multipart upload in progress. */
export interface Upload extends Description {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedAt: number;
  readonly checksum: Pick<Checksum, 'algorithm' | 'type'> | undefined;
}

export interface Part {
  readonly number: number;
  readonly blob: Blob;
  readonly etag: string;
  readonly checksum: string | undefined;
  readonly modifiedAt: number;
}
