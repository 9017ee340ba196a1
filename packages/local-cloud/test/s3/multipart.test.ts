import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { expect, test } from 'vitest';
import { startS3 } from '../../testing/s3.ts';

const MIB = 1024 ** 2;

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();

test('uploads a stream in parts with lib-storage and reads ranges across parts', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const bytes = Buffer.alloc(12 * MIB, 'contract ');
  const Body = Readable.from([bytes.subarray(0, 7 * MIB), bytes.subarray(7 * MIB)]);
  const params = { Bucket, Key: 'big', Body, ContentType: 'application/pdf', Metadata: { a: '1' } };
  await new Upload({ client: s3.client, params, partSize: 5 * MIB }).done();
  const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key: 'big', ChecksumMode: 'ENABLED' }));
  const parts = [0, 5, 10].map((at) => md5(bytes.subarray(at * MIB, (at + 5) * MIB)));
  expect(head.ETag).toBe(`"${md5(Buffer.concat(parts)).toString('hex')}-3"`);
  expect(head).toMatchObject({ ContentLength: bytes.length, ContentType: 'application/pdf', Metadata: { a: '1' } });
  expect(head.ChecksumCRC32).toMatch(/-3$/);
  const Range = `bytes=${5 * MIB - 10}-${10 * MIB + 9}`;
  const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'big', Range }));
  const middle = bytes.subarray(5 * MIB - 10, 10 * MIB + 10);
  expect(middle.equals((await got.Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
});

test('lists, replaces and copies parts, and rejects an incorrect list of parts', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const Key = 'parts';
  const { UploadId } = await s3.client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }),
  );
  const upload = async (PartNumber: number, Body: Uint8Array) =>
    (await s3.client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))).ETag;
  const first = Buffer.alloc(5 * MIB, 'a');
  await upload(1, Buffer.from('replaced'));
  const one = await upload(1, first);
  await s3.put(Bucket, 'source', '0123456789');
  const copied = await s3.client.send(
    new UploadPartCopyCommand({
      Bucket,
      Key,
      UploadId,
      PartNumber: 3,
      CopySource: `${Bucket}/source`,
      CopySourceRange: 'bytes=2-4',
    }),
  );
  const three = copied.CopyPartResult?.ETag;
  const listed = await s3.client.send(new ListPartsCommand({ Bucket, Key, UploadId }));
  expect(listed.Parts?.map((part) => [part.PartNumber, part.Size, part.ETag])).toEqual([
    [1, first.length, one],
    [3, 3, three],
  ]);
  const complete = (...Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    s3.client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  const [a, b] = [
    { PartNumber: 1, ETag: one },
    { PartNumber: 3, ETag: three },
  ] as const;
  await expect(complete(b, a)).rejects.toMatchObject({ name: 'InvalidPartOrder' });
  await expect(complete(a, { PartNumber: 3, ETag: one })).rejects.toMatchObject({ name: 'InvalidPart' });
  await expect(complete({ ...b, PartNumber: 2 })).rejects.toMatchObject({ name: 'InvalidPart' });
  await complete(a, b);
  // The SDK verifies the checksum of the whole object while reading.
  expect(await s3.get(Bucket, Key)).toBe(`${first.toString()}234`);
  await expect(complete(a, b)).rejects.toMatchObject({ name: 'NoSuchUpload' });
});

test('rejects a part that is too small unless it is the last, and aborts an upload', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const Key = 'small';
  const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (const PartNumber of [1, 2]) {
    const { ETag } = await s3.client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: 'tiny' }));
    Parts.push({ PartNumber, ETag });
  }
  const complete = new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } });
  await expect(s3.client.send(complete)).rejects.toMatchObject({ name: 'EntityTooSmall' });
  await s3.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  const late = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 3, Body: 'late' });
  await expect(s3.client.send(late)).rejects.toMatchObject({ name: 'NoSuchUpload' });
  await expect(s3.get(Bucket, Key)).rejects.toMatchObject({ name: 'NoSuchKey' });
});
