import { z } from 'zod';
import { invalidArgument } from '../errors.ts';

const enabled = z.strictObject({ Status: z.enum(['Enabled', 'Disabled']) });

const ruleSchema = z.strictObject({
  ID: z.string().max(255).optional(),
  Status: z.enum(['Enabled', 'Disabled']),
  Priority: z.coerce.number().int().min(0),
  Filter: z.strictObject({ Prefix: z.string().default('') }),
  DeleteMarkerReplication: enabled,
  /** Nothing is encrypted here. */
  SourceSelectionCriteria: z.unknown().optional(),
  Destination: z.strictObject({
    Bucket: z.string().startsWith('arn:aws:s3:::'),
    EncryptionConfiguration: z.unknown().optional(),
  }),
});

export const ReplicationConfigurationSchema = z.strictObject({
  Role: z.string().min(1),
  Rules: z.array(ruleSchema).min(1).max(1000),
});
export type ReplicationConfiguration = z.output<typeof ReplicationConfigurationSchema>;

export const bucketOf = ({ Destination }: ReplicationConfiguration['Rules'][number]): string =>
  Destination.Bucket.slice('arn:aws:s3:::'.length);

/** Throws unless each bucket is the destination of one rule: which of two decides is not supported. */
export function checkRules({ Rules }: ReplicationConfiguration): void {
  const buckets = Rules.map(bucketOf);
  if (new Set(buckets).size < buckets.length)
    throw invalidArgument('The local S3 supports one replication rule for each destination bucket.');
}

/** The buckets that get a copy of a version. */
export function destinationsOf(
  configuration: ReplicationConfiguration | undefined,
  { key, deleteMarker }: { readonly key: string; readonly deleteMarker: boolean },
): readonly string[] {
  const matches = (configuration?.Rules ?? []).filter(
    ({ Status, Filter, DeleteMarkerReplication }) =>
      Status === 'Enabled' &&
      key.startsWith(Filter.Prefix) &&
      (!deleteMarker || DeleteMarkerReplication.Status === 'Enabled'),
  );
  return matches.map(bucketOf);
}
