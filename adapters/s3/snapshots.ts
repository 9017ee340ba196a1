import { createHash } from 'node:crypto';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { Snapshots } from '#core/ports/snapshots.ts';
import { parseRecord } from '#core/stored/record.ts';
import { snapshotSchema } from '#core/web/snapshot.ts';

export interface S3SnapshotsOptions {
  readonly artifacts: Artifacts;
  /** The artifact bucket. */
  readonly bucket: string;
  /** Begins the keys. @default `web` */
  readonly folder?: string;
}

/**
 * Stores what was fetched in a folder of the artifact bucket: an object for each URL and night, under
 * `<folder>/<SHA-256 of the canonical URL>/<night>.json`, so that one list finds tonight's and the one before.
 */
export function s3Snapshots({ artifacts, bucket, folder = 'web' }: S3SnapshotsOptions): Snapshots {
  const prefixOf = (url: string): string => `${folder}/${createHash('sha256').update(url).digest('hex')}/`;
  const keyOf = (url: string, night: string): string => `${prefixOf(url)}${night}.json`;
  return {
    async newest(url, night) {
      let newest: string | null = null;
      const last = keyOf(url, night);
      for await (const { key } of artifacts.list(bucket, prefixOf(url))) {
        if (key <= last) newest = key;
      }
      if (newest === null) return null;
      const bytes = await artifacts.get({ bucket, key: newest });
      return parseRecord(snapshotSchema, JSON.parse(new TextDecoder().decode(bytes)), `The snapshot ${newest}`);
    },
    async put(snapshot) {
      const key = keyOf(snapshot.url, snapshot.night);
      await artifacts.put({ bucket, key }, JSON.stringify(snapshot), 'application/json');
    },
  };
}
