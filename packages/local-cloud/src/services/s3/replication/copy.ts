import { z } from 'zod';
import type { Checksum } from '../checksums.ts';
import type { SystemMetadata, Version } from '../records.ts';

/** A version under way to a bucket of another region, without its bytes. It keeps its version id, as on AWS. */
const copySchema = z.object({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string(),
  deleteMarker: z.boolean(),
  size: z.number(),
  etag: z.string(),
  modifiedAt: z.number(),
  system: z.custom<SystemMetadata>((value) => typeof value === 'object' && value !== null),
  metadata: z.record(z.string(), z.string()),
  checksum: z.custom<Checksum>((value) => typeof value === 'object' && value !== null).optional(),
});
export type Copy = z.infer<typeof copySchema>;

/** As a header, which has ASCII alone. */
export function writeCopy(version: Version, bucket: string): string {
  const { key, versionId, deleteMarker, size, etag, modifiedAt, system, metadata, checksum } = version;
  const copy: Copy = { bucket, key, versionId, deleteMarker, size, etag, modifiedAt, system, metadata, checksum };
  return Buffer.from(JSON.stringify(copy)).toString('base64url');
}

export const readCopy = (header: string): Copy =>
  copySchema.parse(JSON.parse(Buffer.from(header, 'base64url').toString('utf8')));
