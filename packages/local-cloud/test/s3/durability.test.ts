import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../testing/serve.ts';
import { startS3 } from '../../testing/s3.ts';

const files = (dataDir: string) =>
  readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith('s3.'),
  );

test('after kill -9, keeps every stored object and deletes files without a record', async () => {
  const dataDir = temporaryFolder();
  const victim = fork(fileURLToPath(import.meta.resolve('./victim.ts')), [dataDir]);
  const stored: string[] = [];
  victim.on('message', (key: string) => {
    stored.push(key);
    if (stored.length === 100) victim.kill('SIGKILL');
  });
  await once(victim, 'exit');
  writeFileSync(join(dataDir, 'objects/0/0-left-behind'), 'x');
  const s3 = await startS3({ dataDir });
  expect(stored.length).toBeGreaterThanOrEqual(100);
  for (const key of stored) expect(await s3.get('docs', key)).toBe(`content of ${key}`);
  expect(files(dataDir).map((entry) => entry.name)).not.toContain('0-left-behind');
});

test('deletes a replaced object from disk, or when its last reader is done', async () => {
  const s3 = await startS3();
  const Bucket = await s3.bucket('docs');
  const big = Buffer.alloc(8 * 1024 ** 2, 'a');
  await s3.put(Bucket, 'x', 'small');
  await s3.put(Bucket, 'x', big);
  expect(files(s3.dataDir)).toHaveLength(1);
  const got = await s3.client.send(new GetObjectCommand({ Bucket, Key: 'x' }));
  await s3.client.send(new DeleteObjectCommand({ Bucket, Key: 'x' }));
  expect((await got.Body?.transformToByteArray())?.length).toBe(big.length);
  await vi.waitFor(() => expect(files(s3.dataDir)).toHaveLength(0), { timeout: 90_000 });
});

test('leaves nothing behind when an upload is aborted', async () => {
  const s3 = await startS3();
  await s3.bucket('docs');
  await s3.put('docs', 'x', 'before');
  const upload = http.request(`${s3.url}/docs/x`, { method: 'PUT', headers: { 'content-length': 1_000_000 } });
  const broken = once(upload, 'error');
  upload.write('the beginning');
  await vi.waitFor(() => expect(files(s3.dataDir)).toHaveLength(2), { timeout: 90_000 });
  upload.destroy(new Error('the client disconnects'));
  await broken;
  await vi.waitFor(() => expect(files(s3.dataDir)).toHaveLength(1), { timeout: 90_000 });
  expect(await s3.get('docs', 'x')).toBe('before');
});
