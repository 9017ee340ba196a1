import { expect, it } from 'vitest';
import { startS3 } from '@agent-fleet/local-cloud/testing/s3';
import { rejectedRecords } from '#adapters/s3/rejected-records.ts';
import { s3SetAside } from '#adapters/s3/set-aside.ts';

const NOW = Date.now();
const record = (position: string, arrivedAt = NOW, bytes = Buffer.from('{')) => ({
  stream: 'market',
  partition: 'shardId-000000000000',
  position,
  key: 'cik:0000320193',
  bytes,
  arrivedAt,
});

async function world() {
  const s3 = await startS3();
  const bucket = await s3.bucket('rejected');
  const store = s3SetAside({ bucket, router: 'market', client: s3.client });
  const read = (more: object = {}) =>
    rejectedRecords({
      client: s3.client,
      bucket,
      router: 'market',
      since: NOW - 3_600_000,
      now: Date.now(),
      maxRecords: 10,
      ...more,
    });
  return { s3, bucket, store, read };
}

it('are read with reason, time and position, the newest first, without their text', async () => {
  const { store, read } = await world();
  await store.putRecords([
    { record: record('7', NOW - 60_000), reason: 'not-json', detail: 'Send JSON.' },
    { record: record('9', NOW, Buffer.alloc(100)), reason: 'too-big', detail: 'Send a link.' },
  ]);
  const { records, isComplete } = await read();
  expect(isComplete).toBe(true);
  expect(records).toEqual([
    {
      stream: 'market',
      partition: 'shardId-000000000000',
      position: '9',
      key: 'cik:0000320193',
      arrivedAt: NOW,
      reason: 'too-big',
      detail: 'Send a link.',
      bytes: 100,
    },
    expect.objectContaining({ position: '7', reason: 'not-json', bytes: 1 }),
  ]);
});

it('that arrived before, or were set aside by another router, are left out', async () => {
  const { store, read, s3, bucket } = await world();
  const rejected = (position: string, arrivedAt: number) => [
    { record: record(position, arrivedAt), reason: 'not-json' as const, detail: '' },
  ];
  await store.putRecords([...rejected('1', NOW - 7_200_000), ...rejected('2', NOW)]);
  await s3SetAside({ bucket, router: 'other', client: s3.client }).putRecords(rejected('3', NOW));
  await store.putEffects([{ subject: 's', effect: { id: 'e', effect: {}, since: NOW, attempts: 1 }, error: 'x' }]);
  expect((await read()).records.map(({ position }) => position)).toEqual(['2']);
  // A batch lies below the day of its first record, which may have waited longest.
  await store.putRecords([...rejected('4', NOW - 24 * 3_600_000), ...rejected('5', NOW)]);
  expect((await read()).records.map(({ position }) => position).toSorted()).toEqual(['2', '5']);
});

it('are as many as fit, and it says if there are more, or some that another release wrote', async () => {
  const { store, read, s3, bucket } = await world();
  for (const position of ['1', '2', '3']) {
    await store.putRecords([{ record: record(position), reason: 'not-json', detail: '' }]);
  }
  expect(await read({ maxRecords: 2 })).toMatchObject({ records: [{}, {}], isComplete: false });
  expect(await read({ maxRecords: 3 })).toMatchObject({ isComplete: true });
  await s3.put(bucket, `rejected/market/${new Date(NOW).toISOString().slice(0, 10)}/x.json`, '{"records":[{}]}');
  const { records, isComplete } = await read();
  expect([records.length, isComplete]).toEqual([3, false]);
});
