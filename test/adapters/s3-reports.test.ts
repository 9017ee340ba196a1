import { startS3 } from '@agent-fleet/local-cloud/testing/s3';
import { expect, test } from 'vitest';
import { s3Reports } from '#adapters/s3/reports.ts';

const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:fan-out:run-1';

async function open() {
  const s3 = await startS3();
  const bucket = await s3.bucket('artifacts');
  const places = [{ workflow: 'fan-out', bucket, report: 'report.' }];
  return { s3, bucket, reports: s3Reports({ places, client: s3.client }) };
}

test('the files of a report are found, and their links only ever download', async () => {
  const { s3, bucket, reports } = await open();
  const page = '<script>alert(1)</script>';
  for (const key of ['run-1/report.html', 'run-1/report.json', 'run-1/results/1.json', 'run-10/report.html'])
    await s3.put(bucket, `runs/${key}`, page);
  const { files, complete } = await reports.filesOf({ id: 'run-1', execution: EXECUTION });
  expect(complete).toBe(true);
  expect(files.map(({ name, size }) => [name, size])).toEqual([
    ['report.html', page.length],
    ['report.json', page.length],
  ]);
  expect(files.every(({ expiresAt }) => expiresAt > Date.now())).toBe(true);
  const answer = await fetch(files[0]?.url ?? '');
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="report.html"');
  expect(await answer.text()).toBe(page);
});

test('a run without a report, and one of a workflow that writes none, have no files', async () => {
  const { reports } = await open();
  expect(await reports.filesOf({ id: 'run-1', execution: EXECUTION })).toEqual({ files: [], complete: true });
  const execution = EXECUTION.replace('fan-out', 'other');
  expect(await reports.filesOf({ id: 'run-1', execution })).toEqual({ files: [], complete: true });
});
