import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { notImplemented } from '../errors.ts';
import { checkRules, ReplicationConfigurationSchema } from '../replication/configuration.ts';
import { operation, readDocument } from './operation.ts';
import { BUCKET_HEADERS, BucketInput } from './shapes.ts';

const PutInput = z.strictObject({
  ...BucketInput,
  ContentMD5: z.string().optional(),
  ChecksumAlgorithm: z.string().optional(),
  ReplicationConfiguration: ReplicationConfigurationSchema,
});

/** Copies objects that are written from now on to buckets of other regions. */
export const putBucketReplication = operation(
  PutInput,
  {
    method: 'PUT',
    on: 'bucket',
    marks: ['replication'],
    headers: { ...BUCKET_HEADERS, 'content-md5': 'ContentMD5', 'x-amz-sdk-checksum-algorithm': 'ChecksumAlgorithm' },
    body: { root: 'ReplicationConfiguration', read: readConfiguration },
  },
  ({ store }, { Bucket, ReplicationConfiguration }) => {
    const bucket = store.bucket(Bucket);
    if (!store.hasOtherRegions) throw notImplemented('replication, since this cloud has one region');
    if (bucket.versioning !== 'Enabled')
      throw new ServiceError(
        'InvalidRequest',
        "Versioning must be 'Enabled' on the bucket to apply a replication configuration.",
      );
    checkRules(ReplicationConfiguration);
    store.saveBucket({ ...bucket, replication: ReplicationConfiguration });
    return {};
  },
);

export const getBucketReplication = operation(
  z.strictObject(BucketInput),
  {
    method: 'GET',
    on: 'bucket',
    marks: ['replication'],
    headers: BUCKET_HEADERS,
    xml: ({ ReplicationConfiguration: found }) => {
      const { Role, Rules } = found as z.output<typeof ReplicationConfigurationSchema>;
      return { root: 'ReplicationConfiguration', content: { Role, Rule: Rules } as never };
    },
  },
  ({ store }, { Bucket }) => {
    const { replication } = store.bucket(Bucket);
    if (replication !== undefined) return { ReplicationConfiguration: replication };
    throw new ServiceError(
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found.',
      404,
    );
  },
);

export const deleteBucketReplication = operation(
  z.strictObject(BucketInput),
  { method: 'DELETE', on: 'bucket', marks: ['replication'], headers: BUCKET_HEADERS, status: 204 },
  ({ store }, { Bucket }) => {
    store.saveBucket({ ...store.bucket(Bucket), replication: undefined });
    return {};
  },
);

const Document = z.object({ Role: z.string(), Rule: z.unknown() });

function readConfiguration(document: unknown) {
  const { Role, Rule } = readDocument(Document, document);
  return { ReplicationConfiguration: { Role, Rules: [Rule].flat() } };
}
