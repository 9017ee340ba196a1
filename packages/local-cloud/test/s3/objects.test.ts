import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { startS3 } from '../../testing/s3.ts';

test('returns an object with its bytes, type, metadata and ETag', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const Key = 'a folder/näme + 100%?#&.pdf';
  const etag = await s3.put(Bucket, Key, 'hello', {
    ContentType: 'application/pdf',
    CacheControl: 'no-cache',
    Metadata: { Tenant: 'acme', city: 'Zurich' },
  });
  expect(etag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
  const got = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
  expect(await got.Body?.transformToString()).toBe('hello');
  expect(got).toMatchObject({
    ContentType: 'application/pdf',
    CacheControl: 'no-cache',
    ContentLength: 5,
    ETag: etag,
    Metadata: { tenant: 'acme', city: 'Zurich' },
  });
  const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key }));
  expect(head).toMatchObject({ ContentLength: 5, ETag: etag, ContentType: 'application/pdf' });
  await s3.client.send(new DeleteObjectCommand({ Bucket, Key }));
  await expect(s3.get(Bucket, Key)).rejects.toBeInstanceOf(NoSuchKey);
  await expect(s3.client.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toBeInstanceOf(NotFound);
});

test('stores a chunked stream of unknown length with a trailing checksum', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const pieces = Array.from({ length: 50 }, (_, n) => Buffer.alloc(10_000 + n, n));
  const ContentLength = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const Body = Readable.from(pieces);
  const put = await s3.client.send(
    new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength, ContentEncoding: 'br' }),
  );
  expect(put.ChecksumCRC32).toBeDefined();
  const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'stream' }));
  expect(got.ContentEncoding).toBe('br');
  expect(Buffer.concat(pieces).equals((await got.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
});

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
  'verifies and stores a %s checksum',
  async (algorithm) => {
    const s3 = await startS3();
    const Bucket = await s3.bucket('docs');
    const checkValues = { CRC32: 'cbf43926', CRC32C: 'e3069283', CRC64NVME: 'ae8b14860a799888' };
    const expected = algorithm.startsWith('CRC')
      ? Buffer.from(checkValues[algorithm as keyof typeof checkValues], 'hex').toString('base64')
      : createHash(algorithm.toLowerCase()).update('123456789').digest('base64');
    const field = `Checksum${algorithm}`;
    const put = (value: string) =>
      s3.put(Bucket, 'nine', '123456789', { ChecksumAlgorithm: algorithm, [field]: value });
    await put(expected);
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'nine', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({ [field]: expected, ChecksumType: 'FULL_OBJECT' });
    await expect(put(Buffer.alloc(Buffer.from(expected, 'base64').length).toString('base64'))).rejects.toMatchObject({
      name: 'BadDigest',
    });
  },
);

test('returns ranges and rejects a range outside the object', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  await s3.put(Bucket, 'digits', '0123456789');
  const get = async (Range: string) => {
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
    return [await got.Body?.transformToString(), got.ContentRange, got.$metadata.httpStatusCode];
  };
  expect(await get('bytes=2-4')).toEqual(['234', 'bytes 2-4/10', 206]);
  expect(await get('bytes=7-')).toEqual(['789', 'bytes 7-9/10', 206]);
  expect(await get('bytes=-2')).toEqual(['89', 'bytes 8-9/10', 206]);
  expect(await get('bytes=8-100')).toEqual(['89', 'bytes 8-9/10', 206]);
  expect(await get('bytes=0-1,3-4')).toEqual(['0123456789', undefined, 200]);
  await expect(get('bytes=10-')).rejects.toMatchObject({ name: 'InvalidRange' });
});

test('exactly one of many concurrent conditional writes succeeds', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const writes = Array.from({ length: 8 }, (_, n) => s3.put(Bucket, 'lock', `writer ${n}`, { IfNoneMatch: '*' }));
  const settled = await Promise.allSettled(writes);
  const won = settled.filter((result) => result.status === 'fulfilled');
  expect(won).toHaveLength(1);
  expect(settled.find((result) => result.status === 'rejected')?.reason).toMatchObject({ name: 'PreconditionFailed' });
  const etag = won[0]?.value;
  await s3.put(Bucket, 'lock', 'next', { IfMatch: etag });
  await expect(s3.put(Bucket, 'lock', 'late', { IfMatch: etag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(s3.put(Bucket, 'none', 'x', { IfMatch: etag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect(await s3.get(Bucket, 'lock')).toBe('next');
});

test('returns 304 and 412 for conditional reads', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const IfNoneMatch = await s3.put(Bucket, 'x', 'x');
  const get = (more: object) => s3.client.send(new GetObjectCommand({ Bucket, Key: 'x', ...more }));
  const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });
  await expect(get({ IfNoneMatch })).rejects.toMatchObject(status(304));
  await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject(status(412));
  await expect(get({ IfModifiedSince: new Date(Date.now() + 1000) })).rejects.toMatchObject(status(304));
  await expect(get({ IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject(status(412));
});

test('copies an object with its metadata or with new metadata', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const CopySource = `${Bucket}/${encodeURIComponent('from ä')}`;
  const etag = await s3.put(Bucket, 'from ä', 'bytes', { Metadata: { a: '1' }, ContentType: 'text/plain' });
  const copied = await s3.client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource }));
  expect(copied.CopyObjectResult?.ETag).toBe(etag);
  expect(await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).toMatchObject({
    Metadata: { a: '1' },
    ContentType: 'text/plain',
  });
  const replace = { Bucket, Key: 'from ä', CopySource, Metadata: { b: '2' } };
  await expect(s3.client.send(new CopyObjectCommand(replace))).rejects.toMatchObject({ name: 'InvalidRequest' });
  await s3.client.send(new CopyObjectCommand({ ...replace, MetadataDirective: 'REPLACE' }));
  const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'from ä' }));
  expect(head.Metadata).toEqual({ b: '2' });
});

test('deletes many objects in one request', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  for (const key of ['a', 'b & <c>', 'd']) await s3.put(Bucket, key, key);
  const Objects = ['a', 'b & <c>', 'never there'].map((Key) => ({ Key }));
  const answer = await s3.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(answer.Deleted?.map((entry) => entry.Key)).toEqual(['a', 'b & <c>', 'never there']);
  await expect(s3.get(Bucket, 'b & <c>')).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect(await s3.get(Bucket, 'd')).toBe('d');
});

test('reads the bucket from the host name', async () => {
  const s3 = await startS3();
  await s3.bucket('docs');
  await s3.put('docs', 'deep/key', 'value');
  const request = http.get(`${s3.url}/deep/key`, { headers: { host: 'docs.localhost:4566' } });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  expect(await text(response)).toBe('value');
});

test('in-process, returns the body as bytes and rejects unknown parameters and actions', async () => {
  const s3 = await startS3();
  const invoke = (action: string, input: object) => s3.service.invoke(action, { Bucket: 'docs', ...input }, ROOT);
  await invoke('CreateBucket', {});
  await invoke('PutObject', { Key: 'x', Body: 'text', ContentType: 'text/plain' });
  const got = await invoke('GetObject', { Key: 'x' });
  expect(got).toMatchObject({ Body: new Uint8Array(Buffer.from('text')), ContentType: 'text/plain', ContentLength: 4 });
  await expect(invoke('PutObject', { Key: 'x', Tagging: 'a=b' })).rejects.toThrow('Tagging');
  await expect(invoke('PutBucketPolicy', {})).rejects.toMatchObject({ code: 'InvalidAction' });
  await expect(s3.put('docs', 'x', 'x', { Tagging: 'a=b' })).rejects.toThrow('x-amz-tagging');
  await expect(s3.get('nowhere', 'x')).rejects.toMatchObject({ name: 'NoSuchBucket' });
});
