import { expect, test } from 'vitest';
import { referred, synthesizePlatform } from '#test/synth/synthesize.ts';
import { synthesize } from './synthesize.ts';

const dev = synthesize('dev');
const bucket = dev.resource('AWS::S3::Bucket', 'ArtifactsBucket');

test('the bucket blocks public access, is encrypted and versioned, and is retained when the stack is deleted', () => {
  const on = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
  expect(bucket.Properties).toMatchObject({
    PublicAccessBlockConfiguration: on,
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    VersioningConfiguration: { Status: 'Enabled' },
  });
  expect(bucket.DeletionPolicy).toBe('RetainExceptOnCreate');
});

test('the bucket notifies the intake of new uploads directly, without a CDK function', () => {
  const { QueueConfigurations } = bucket.Properties['NotificationConfiguration'] as {
    QueueConfigurations: readonly { readonly Queue: unknown }[];
  };
  expect(QueueConfigurations).toMatchObject([
    { Event: 's3:ObjectCreated:*', Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'uploads/' }] } } },
  ]);
  expect(referred(QueueConfigurations[0]?.Queue)).toMatch(/^IntakeQueue/);
  expect(dev.resources('Custom::S3BucketNotifications')).toEqual({});
});

test('a customer-managed key encrypts table, bucket, secret and topic', () => {
  const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
  const stack = synthesize('prod', { kmsKeyArn });
  const platform = synthesizePlatform('prod', { kmsKeyArn });
  const encrypted = [
    platform.resource('AWS::DynamoDB::GlobalTable'),
    platform.resource('AWS::S3::Bucket', 'AuditBucket'),
    stack.resource('AWS::S3::Bucket', 'ArtifactsBucket'),
    platform.resource('AWS::SecretsManager::Secret', 'Model'),
    stack.resource('AWS::SNS::Topic'),
  ];
  for (const { Properties } of encrypted) expect(JSON.stringify(Properties)).toContain(kmsKeyArn);
});

test('an existing bucket can be used instead', () => {
  const stack = synthesize('dev', { 'documents.uploadBucket': 'contracts-of-ours' });
  expect(stack.resources('AWS::S3::Bucket')).toEqual({});
  expect(stack.outputs).toMatchObject({ UploadBucket: { Value: 'contracts-of-ours' } });
  expect(stack.resource('Custom::S3BucketNotifications').Properties['BucketName']).toBe('contracts-of-ours');
});
