import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startS3 } from '../../testing/s3.ts';

async function versioned() {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const status = (Status: 'Enabled' | 'Suspended') =>
    s3.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  const remove = (VersionId?: string) => s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'x', VersionId }));
  const versions = async () => {
    const answer = await s3.client.send(new ListObjectVersionsCommand({ Bucket }));
    return { versions: answer.Versions ?? [], markers: answer.DeleteMarkers ?? [] };
  };
  return { s3, Bucket, status, remove, versions };
}

test('with versioning, each write adds a version and a delete hides them all', async () => {
  const { s3, Bucket, status, remove, versions } = await versioned();
  await s3.put(Bucket, 'x', 'before');
  await status('Enabled');
  await s3.put(Bucket, 'x', 'first');
  await s3.put(Bucket, 'x', 'second');
  const marker = await remove();
  expect(marker).toMatchObject({ DeleteMarker: true });
  await expect(s3.get(Bucket, 'x')).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect((await s3.client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  const listed = await versions();
  const texts = await Promise.all(listed.versions.map((version) => s3.get(Bucket, 'x', version.VersionId)));
  expect(texts).toEqual(['second', 'first', 'before']);
  expect(listed.versions.at(-1)?.VersionId).toBe('null');
  expect(listed.markers).toMatchObject([{ IsLatest: true, VersionId: marker.VersionId }]);
  await remove(marker.VersionId);
  expect(await s3.get(Bucket, 'x')).toBe('second');
  await remove(listed.versions[0]?.VersionId);
  expect(await s3.get(Bucket, 'x')).toBe('first');
  const gone = new GetObjectCommand({ Bucket, Key: 'x', VersionId: listed.versions[0]?.VersionId });
  await expect(s3.client.send(gone)).rejects.toMatchObject({ name: 'NoSuchVersion' });
});

test('with suspended versioning, a write replaces only the null version', async () => {
  const { s3, Bucket, status, remove, versions } = await versioned();
  await status('Enabled');
  await s3.put(Bucket, 'x', 'kept');
  await status('Suspended');
  await s3.put(Bucket, 'x', 'null one');
  await s3.put(Bucket, 'x', 'null two');
  expect((await versions()).versions).toHaveLength(2);
  expect(await s3.get(Bucket, 'x')).toBe('null two');
  await remove();
  const after = await versions();
  expect(after.versions).toHaveLength(1);
  expect(after.markers).toMatchObject([{ VersionId: 'null', IsLatest: true }]);
});
