/** An object in the artifact store (S3). */
export interface ArtifactRef {
  readonly bucket: string;
  readonly key: string;
  /** SHA-256 of the bytes in hex, where it is known. A copy in another region is read only if it has these bytes. */
  readonly sha256?: string | undefined;
}

/** Big inputs and outputs. */
export interface Artifacts {
  /** The bytes; throws `FailureError` (permanent) when there is no such object, so that the row can say so. */
  get(ref: ArtifactRef): Promise<Uint8Array>;
  /** Writes an object, replacing one of the same key. */
  put(ref: ArtifactRef, bytes: Uint8Array | string, contentType: string): Promise<void>;
  /** Writes an object unless one of the same key exists: of many writers, one. Returns whether it was written. */
  create(ref: ArtifactRef, bytes: Uint8Array | string, contentType: string): Promise<boolean>;
  /** Every object below a prefix, in the order of their keys. */
  list(bucket: string, prefix: string): AsyncIterable<ListedArtifact>;
}

export interface ListedArtifact {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** When it was written, in milliseconds by the store's clock. S3 keeps seconds. */
  readonly modifiedAt: number;
}
