import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { readXml, writeXml } from '../../src/services/xml.ts';
import { startS3 } from '../../testing/s3.ts';

/** A Mac folder with an icon has the first; the others are legal too. */
const KEYS = [
  'Icon\r',
  'a&#xD;b',
  'tab\tline\n',
  'a&amp;<b>"\'',
  ' lead & trail ',
  'emoji 😀 \u0085\u2028',
  '100%+&?=#',
];

test('lists and deletes keys with special characters, and no other', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('keys');
  for (const key of KEYS) await s3.put(Bucket, key, key);
  const keys = async (EncodingType?: 'url') =>
    (await s3.client.send(new ListObjectsV2Command({ Bucket, EncodingType }))).Contents?.map(({ Key }) => Key ?? '') ??
    [];
  expect((await keys()).toSorted()).toEqual(KEYS.toSorted());
  expect((await keys('url')).map(decodeURIComponent).toSorted()).toEqual(KEYS.toSorted());
  for (const Key of KEYS) {
    expect(await s3.get(Bucket, Key)).toBe(Key);
    const { Deleted } = await s3.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
    expect(Deleted).toMatchObject([{ Key }]);
    expect((await keys()).toSorted()).toEqual(KEYS.filter((key) => key !== Key).toSorted());
    await s3.put(Bucket, Key, Key);
  }
});

test('reads numeric references and no others than those of XML', () => {
  const read = (text: string) => readXml(Buffer.from(`<D><K>${text}</K></D>`), 'D');
  expect(read('Icon&#xD;')).toEqual({ K: 'Icon\r' });
  expect(read('&#13;&#x1F600;&amp;#xD;&amp;lt;')).toEqual({ K: '\r😀&#xD;&lt;' });
  expect(read('<![CDATA[a & b]]>')).toEqual({ K: 'a & b' });
  for (const wrong of ['&copy;', '&', '&#0;', '&#xD800;', '&#x110000;', 'a & b', '&#xD']) {
    expect(() => read(wrong)).toThrow('must be an XML document');
  }
});

test.each(KEYS)('what it writes as XML, %j, reads back the same', (K) => {
  expect(readXml(Buffer.from(writeXml('D', { K }, 'x')), 'D')).toEqual({ K });
});

test('rejects keys above 1,024 bytes in every operation, counted in UTF-8', async () => {
  const s3 = await startS3();
  const { client } = s3;
  const Bucket = await s3.bucket('keys');
  const Key = 'é'.repeat(513);
  const code = { name: 'KeyTooLongError' };
  await expect(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))).rejects.toMatchObject(code);
  await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject(code);
  await expect(client.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 400 },
  });
  await expect(client.send(new DeleteObjectCommand({ Bucket, Key }))).rejects.toMatchObject(code);
  await expect(client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).rejects.toMatchObject(code);
  const copy = { Bucket, Key: 'to', CopySource: `${Bucket}/${encodeURIComponent(Key)}` };
  await expect(client.send(new CopyObjectCommand(copy))).rejects.toMatchObject(code);
  const { Errors } = await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }, { Key: 'b' }] } }),
  );
  expect(Errors).toMatchObject([{ Key, Code: 'KeyTooLongError' }]);
  await client.send(new PutObjectCommand({ Bucket, Key: 'é'.repeat(512), Body: 'x' }));
});

test('rejects more than 2 kB of metadata', async () => {
  const s3 = await startS3();
  const { client } = s3;
  const Bucket = await s3.bucket('keys');
  const put = (length: number) =>
    client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', Metadata: { note: 'x'.repeat(length) } }));
  await expect(put(2045)).rejects.toMatchObject({ name: 'MetadataTooLarge' });
  await put(2044);
});
