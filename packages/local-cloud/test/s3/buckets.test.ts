import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startS3 } from '../../testing/s3.ts';

test('creates, finds, lists and deletes buckets', async () => {
  const s3 = await startS3();
  await s3.bucket('one');
  await s3.bucket('two');
  await s3.bucket('two');
  const listed = await s3.client.send(new ListBucketsCommand({}));
  expect(listed.Buckets?.map((bucket) => bucket.Name)).toEqual(['one', 'two']);
  expect(listed.Buckets?.[0]?.CreationDate).toBeInstanceOf(Date);
  await s3.client.send(new HeadBucketCommand({ Bucket: 'one' }));
  await expect(s3.client.send(new HeadBucketCommand({ Bucket: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
  const location = await s3.client.send(new GetBucketLocationCommand({ Bucket: 'one' }));
  expect(location.LocationConstraint ?? '').toBe('');
  await s3.put('one', 'x', 'x');
  const remove = () => s3.client.send(new DeleteBucketCommand({ Bucket: 'one' }));
  await expect(remove()).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  await s3.client.send(new DeleteObjectCommand({ Bucket: 'one', Key: 'x' }));
  await remove();
  await expect(s3.put('one', 'x', 'x')).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('rejects invalid names, other regions and unknown operations', async () => {
  const s3 = await startS3();
  await expect(s3.bucket('Capital')).rejects.toMatchObject({ name: 'InvalidBucketName' });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' as const };
  const elsewhere = new CreateBucketCommand({ Bucket: 'docs', CreateBucketConfiguration });
  await expect(s3.client.send(elsewhere)).rejects.toMatchObject({ name: 'IllegalLocationConstraintException' });
  const Bucket = await s3.bucket('docs');
  await s3.put(Bucket, 'x', 'x');
  const old = new ListObjectsCommand({ Bucket });
  await expect(s3.client.send(old)).rejects.toMatchObject({ name: 'NotImplemented' });
  await expect(s3.client.send(new GetObjectTaggingCommand({ Bucket, Key: 'x' }))).rejects.toThrow('tagging');
});
