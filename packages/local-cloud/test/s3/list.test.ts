import { ListObjectsV2Command, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startS3 } from '../../testing/s3.ts';

const KEYS = [
  'a.txt',
  'docs/1',
  'docs/2',
  'docs/sub/3',
  'docs/sub/4',
  'logs/5',
  'z',
  'ä',
  '🚀',
  ' space',
  'a&b',
  'x+y',
];

async function filled() {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  await Promise.all(KEYS.map((key) => s3.put(Bucket, key, key)));
  const list = (more: Omit<ListObjectsV2CommandInput, 'Bucket'> = {}) =>
    s3.client.send(new ListObjectsV2Command({ Bucket, ...more }));
  return { s3, Bucket, list };
}

const byBytes = (keys: string[]) =>
  keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));

test('lists keys ordered by their UTF-8 bytes, with size and ETag', async () => {
  const { list } = await filled();
  const answer = await list();
  expect(answer.Contents?.map((entry) => entry.Key)).toEqual(byBytes(KEYS));
  expect(answer).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false, MaxKeys: 1000 });
  expect(answer.Contents?.find((entry) => entry.Key === '🚀')).toMatchObject({ Size: 4, StorageClass: 'STANDARD' });
});

test('groups keys by prefix and delimiter', async () => {
  const { list } = await filled();
  const root = await list({ Delimiter: '/' });
  expect(root.CommonPrefixes?.map((entry) => entry.Prefix)).toEqual(['docs/', 'logs/']);
  expect(root.Contents).toHaveLength(KEYS.length - 5);
  const docs = await list({ Delimiter: '/', Prefix: 'docs/' });
  expect(docs.Contents?.map((entry) => entry.Key)).toEqual(['docs/1', 'docs/2']);
  expect(docs.CommonPrefixes?.map((entry) => entry.Prefix)).toEqual(['docs/sub/']);
  expect((await list({ Prefix: 'none' })).Contents).toBeUndefined();
});

test.each([1, 2, 3])('continues where the previous page of %i ended', async (MaxKeys) => {
  const { s3, Bucket } = await filled();
  const seen: string[] = [];
  const pages = paginateListObjectsV2({ client: s3.client, pageSize: MaxKeys }, { Bucket, Delimiter: '/' });
  for await (const page of pages) {
    expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
    for (const { Key } of page.Contents ?? []) seen.push(Key ?? '');
    for (const { Prefix } of page.CommonPrefixes ?? []) seen.push(Prefix ?? '');
  }
  expect(byBytes(seen)).toEqual(byBytes([...KEYS.filter((key) => !key.includes('/')), 'docs/', 'logs/']));
});

test('supports StartAfter, EncodingType url and MaxKeys 0', async () => {
  const { list } = await filled();
  expect((await list({ StartAfter: 'docs/sub/3', MaxKeys: 2 })).Contents?.map((entry) => entry.Key)).toEqual([
    'docs/sub/4',
    'logs/5',
  ]);
  const encoded = await list({ EncodingType: 'url', Prefix: 'ä' });
  expect(encoded.Contents?.map((entry) => entry.Key)).toEqual(['%C3%A4']);
  expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
});
