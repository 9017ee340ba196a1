import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { BucketProps, IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';

/** A bucket for customers' data: private, encrypted, TLS only, with an access log in a second bucket. */
export function privateBucket(scope: Construct, id: string, props: BucketProps): Bucket {
  const { dataKey } = FleetStack.of(scope);
  const logs = new Bucket(scope, 'AccessLogs', {
    ...PRIVATE,
    encryption: BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ expiration: Duration.days(90) }],
  });
  explain(logs, { S1: 'It receives the access logs. Logging access to it would log its own writes.' });
  return new Bucket(scope, id, {
    ...PRIVATE,
    ...(dataKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: dataKey, bucketKeyEnabled: true }),
    serverAccessLogsBucket: logs as IBucket,
    ...props,
  });
}

/** Keeps objects for longer than any task may take: its deadline is at most a week away. */
export const keptForTasks = ({ versions }: { readonly versions: boolean }): LifecycleRule => ({
  expiration: Duration.days(14),
  ...(versions && { noncurrentVersionExpiration: Duration.days(1) }),
  abortIncompleteMultipartUploadAfter: Duration.days(1),
});

/** The data outlives the stack in every environment, since a bucket with objects cannot be deleted with it anyway. */
const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
};
