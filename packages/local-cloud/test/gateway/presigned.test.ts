import { expect, test } from 'vitest';
import { startS3 } from '../../testing/s3.ts';

const SIGNED =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-SignedHeaders=host&X-Amz-Signature=0';

test('a presigned link works until it expires, with its header overrides', async () => {
  let now = Date.UTC(2026, 0, 1);
  const s3 = await startS3({ now: () => now });
  const Bucket = await s3.bucket('docs');
  const link = (path: string, seconds: number, more = '') =>
    `${s3.url}/${Bucket}/${path}?${SIGNED}&X-Amz-Expires=${seconds}${more}`;
  const put = await fetch(link('report.pdf', 60, '&x-amz-meta-a=1'), { method: 'PUT', body: 'bytes' });
  expect(put.status).toBe(200);
  const named = '&response-content-disposition=attachment%3B%20filename%3Dreport.pdf';
  const got = await fetch(link('report.pdf', 60, named));
  expect(await got.text()).toBe('bytes');
  expect(got.headers.get('content-disposition')).toBe('attachment; filename=report.pdf');
  expect(got.headers.get('x-amz-meta-a')).toBe('1');
  now += 60_000;
  const late = await fetch(link('report.pdf', 60));
  expect(late.status).toBe(403);
  expect(await late.text()).toContain('Request has expired');
  expect((await fetch(link('report.pdf', 604_801))).status).toBe(400);
});

test('a link of signature version 2 works until it expires', async () => {
  const s3 = await startS3({ now: () => Date.UTC(2026, 0, 1) });
  const Bucket = await s3.bucket('docs');
  await s3.put(Bucket, 'x', 'bytes');
  const link = (expires: number) => `${s3.url}/${Bucket}/x?AWSAccessKeyId=test&Signature=0&Expires=${expires}`;
  expect(await (await fetch(link(Date.UTC(2026, 0, 1) / 1000 + 60))).text()).toBe('bytes');
  expect((await fetch(link(Date.UTC(2026, 0, 1) / 1000))).status).toBe(403);
});
