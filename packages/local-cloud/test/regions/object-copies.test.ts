import {
  DeleteBucketReplicationCommand,
  DeleteObjectCommand,
  GetBucketReplicationCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketReplicationCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS, type Fixture } from '../../testing/cloud.ts';
import { TestRegions } from '../../testing/regions.ts';
import { EU, US } from './support.ts';

const bucket: Fixture = {
  resources: {
    Inputs: { Type: 'AWS::S3::Bucket', Properties: { VersioningConfiguration: { Status: 'Enabled' } } },
    Plain: { Type: 'AWS::S3::Bucket', Properties: {} },
  },
};
const regions = new TestRegions({ [US]: bucket, [EU]: bucket });
beforeAll(async () => {
  await regions.startAll();
  for (const [from, to] of [
    [US, EU],
    [EU, US],
  ] as const)
    await copy(from, nameIn(from), nameIn(to));
});
afterAll(async () => {
  await regions[Symbol.asyncDispose]();
});

const s3 = (at: string): S3Client =>
  new S3Client({
    region: at,
    endpoint: regions.endpoints.get(at) ?? '',
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts: 1,
  });

const nameIn = (region: string, id = 'Inputs'): string =>
  regions.clouds.get(region)?.resources.find(({ logicalId }) => logicalId === id)?.ref ?? '';

const copy = (at: string, from: string, to: string, Prefix = 'inputs/') =>
  s3(at).send(
    new PutBucketReplicationCommand({
      Bucket: from,
      ReplicationConfiguration: {
        Role: 'arn:aws:iam::000000000000:role/copies',
        Rules: [
          {
            ID: 'to-the-other',
            Status: 'Enabled',
            Priority: 1,
            Filter: { Prefix },
            DeleteMarkerReplication: { Status: 'Enabled' },
            Destination: { Bucket: `arn:aws:s3:::${to}` },
          },
        ],
      },
    }),
  );

const put = (at: string, Key: string, Body: string) =>
  s3(at).send(
    new PutObjectCommand({ Bucket: nameIn(at), Key, Body, ContentType: 'text/plain', Metadata: { by: 'ada' } }),
  );

const read = async (at: string, Key: string) => {
  try {
    const { Body, ...rest } = await s3(at).send(new GetObjectCommand({ Bucket: nameIn(at), Key }));
    return { ...rest, text: await Body?.transformToString() };
  } catch (error) {
    if (error instanceof S3ServiceException) return error.name;
    throw error;
  }
};

const versions = async (at: string, Prefix: string) => {
  const { Versions = [], DeleteMarkers = [] } = await s3(at).send(
    new ListObjectVersionsCommand({ Bucket: nameIn(at), Prefix }),
  );
  return [...DeleteMarkers, ...Versions].map(({ VersionId }) => VersionId);
};

test('buckets of one template have different names in two regions', () => {
  expect(nameIn(US)).not.toBe(nameIn(EU));
  expect(nameIn(EU)).toMatch(/eu-west-1$/);
});

test('an object arrives in the other region as it is, with its version id, and is not copied back', async () => {
  const { VersionId } = await put(US, 'inputs/a', 'hello');
  expect(await read(EU, 'inputs/a')).toBe('NoSuchKey');
  await expect
    .poll(() => read(EU, 'inputs/a'))
    .toMatchObject({
      text: 'hello',
      ContentType: 'text/plain',
      Metadata: { by: 'ada' },
      VersionId,
    });
  await put(EU, 'inputs/b', 'from eu');
  await expect.poll(() => read(US, 'inputs/b')).toMatchObject({ text: 'from eu' });
  expect(await versions(US, 'inputs/a')).toEqual([VersionId]);
});

test('objects of other keys stay in their region', async () => {
  await put(US, 'reports/a', 'a report');
  await put(US, 'inputs/after', 'later');
  await expect.poll(() => read(EU, 'inputs/after')).toMatchObject({ text: 'later' });
  expect(await read(EU, 'reports/a')).toBe('NoSuchKey');
});

test('a deletion arrives as a delete marker; the deletion of one version does not', async () => {
  const { VersionId } = await put(US, 'inputs/c', 'secret');
  await expect.poll(() => read(EU, 'inputs/c')).toMatchObject({ text: 'secret' });
  const object = { Bucket: nameIn(US), Key: 'inputs/c' };
  const marker = await s3(US).send(new DeleteObjectCommand(object));
  await expect.poll(() => read(EU, 'inputs/c')).toBe('NoSuchKey');
  await s3(US).send(new DeleteObjectCommand({ ...object, VersionId }));
  await put(US, 'inputs/d', 'later');
  await expect.poll(() => read(EU, 'inputs/d')).toMatchObject({ text: 'later' });
  expect(await versions(EU, 'inputs/c')).toEqual([marker.VersionId, VersionId]);
});

test('what was written during a cut arrives after it, also if the region was closed meanwhile', async () => {
  await regions.network(US, { to: EU, cut: true });
  await put(US, 'inputs/e', 'during the cut');
  await regions.clouds.get(US)?.close();
  regions.endpoints.delete(US);
  expect(await read(EU, 'inputs/e')).toBe('NoSuchKey');
  await regions.start(US);
  await expect.poll(() => read(EU, 'inputs/e')).toMatchObject({ text: 'during the cut' });
});

test('a configuration is read and removed; buckets without versions are rejected', async () => {
  const config = await s3(US).send(new GetBucketReplicationCommand({ Bucket: nameIn(US) }));
  expect(config.ReplicationConfiguration?.Rules).toMatchObject([
    {
      ID: 'to-the-other',
      Priority: 1,
      Filter: { Prefix: 'inputs/' },
      Destination: { Bucket: `arn:aws:s3:::${nameIn(EU)}` },
    },
  ]);
  await expect(copy(US, nameIn(US, 'Plain'), nameIn(EU))).rejects.toThrow("Versioning must be 'Enabled'");
  await s3(US).send(new DeleteBucketReplicationCommand({ Bucket: nameIn(US) }));
  await expect(s3(US).send(new GetBucketReplicationCommand({ Bucket: nameIn(US) }))).rejects.toThrow('was not found');
});
