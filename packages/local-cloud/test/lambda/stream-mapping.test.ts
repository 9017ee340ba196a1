import { afterEach, expect, test } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { startFixture } from '../../testing/cloud.ts';
import type { Fixture, FixtureCloud } from '../../testing/cloud.ts';
import { batches, mapping, put, READ_GRANT, expectSoon, stream, WORKER, worker } from './stream-mapping.support.ts';

const open: FixtureCloud[] = [];
afterEach(async () => {
  for (const cloud of open.splice(0)) await cloud[Symbol.asyncDispose]();
});

const S = 'events';
const partial = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

/** A stream `events` with one mapping. */
async function start(
  properties: object = {},
  more: Partial<Fixture> & { shards?: number } = {},
): Promise<FixtureCloud> {
  const { shards = 1, resources, grants = [], ...fixture } = more;
  const cloud = await startFixture({
    code: {
      worker: WORKER,
      shape: `export const handler = async ({ Records: [r] }) => console.log('record ' + JSON.stringify(r));`,
    },
    resources: {
      Stream: stream({ Name: S, ShardCount: shards }),
      Worker: worker({ Timeout: 5 }),
      Mapping: mapping('Stream', 'Worker', { ...partial, ...properties }),
      ...resources,
    },
    grants: [READ_GRANT, ...grants],
    ...fixture,
  });
  open.push(cloud);
  return cloud;
}

const seen = (cloud: FixtureCloud): string[] => batches(cloud).flat();

async function update(cloud: FixtureCloud, change: object): Promise<Record<string, unknown>> {
  const { EventSourceMappings } = await cloud.call('lambda', 'ListEventSourceMappings', {}, ROOT);
  const [{ UUID } = {}] = EventSourceMappings as { UUID?: string }[];
  return cloud.call('lambda', 'UpdateEventSourceMapping', { UUID, ...change }, ROOT);
}

test('a record has the format that AWS documents', async () => {
  const resources = {
    Mapping: mapping('Stream', 'Shape'),
    Shape: worker({ Code: { S3Bucket: 'assets', S3Key: 'shape.zip' } }),
  };
  const cloud = await start({}, { resources });
  await put(cloud, S, ['a']);
  const { line } = await cloud.event('lambda.log', (event) => event.line.includes('record {'));
  expect(JSON.parse(line.slice(line.indexOf('{')))).toEqual({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'a',
      sequenceNumber: expect.stringMatching(/^\d{56}$/),
      data: Buffer.from('a').toString('base64'),
      approximateArrivalTimestamp: expect.any(Number),
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: expect.stringMatching(/^shardId-000000000000:\d{56}$/),
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: expect.stringMatching(/^arn:aws:iam::000000000000:role\//),
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/events',
  });
});

test('batches keep the order of the shard and have at most BatchSize records', async () => {
  const cloud = await start({ BatchSize: 4, Enabled: false });
  const texts = Array.from({ length: 10 }, (_, index) => `r${index}`);
  await put(cloud, S, texts);
  await update(cloud, { Enabled: true });
  await expectSoon(() => seen(cloud), texts);
  expect(batches(cloud).map(({ length }) => length)).toEqual([4, 4, 2]);
  const { EventSourceMappings } = await cloud.call('lambda', 'ListEventSourceMappings', {}, ROOT);
  expect(EventSourceMappings).toMatchObject([{ State: 'Enabled', BatchSize: 4, LastProcessingResult: 'OK' }]);
});

test('a window collects records', async () => {
  const cloud = await start({ MaximumBatchingWindowInSeconds: 1 });
  await put(cloud, S, ['a']);
  await put(cloud, S, ['b']);
  await expectSoon(() => batches(cloud), [['a', 'b']]);
});

test('after a partial failure the records come again from the lowest number', async () => {
  const cloud = await start({ MaximumRetryAttempts: 1, Enabled: false });
  await put(cloud, S, ['a', 'fail', 'c']);
  await update(cloud, { Enabled: true });
  await expect
    .poll(() => batches(cloud))
    .toEqual([
      ['a', 'fail', 'c'],
      ['fail', 'c'],
    ]);
  const event = await cloud.event('mapping.discarded');
  expect(event).toMatchObject({ records: 2, shard: 'shardId-000000000000', condition: 'RetryAttemptsExhausted' });
  await put(cloud, S, ['next']);
  await expectSoon(() => batches(cloud).at(-1), ['next']);
});

test('only records that match a filter are passed, with their data parsed', async () => {
  const Filters = [
    { Pattern: JSON.stringify({ data: { kind: ['wanted'] } }) },
    { Pattern: '{"partitionKey":["key"]}' },
  ];
  const cloud = await start({ FilterCriteria: { Filters } });
  const wanted = JSON.stringify({ kind: 'wanted' });
  await put(cloud, S, [JSON.stringify({ kind: 'other' }), 'no json', wanted, 'key=x', 'end']);
  await expectSoon(() => seen(cloud), [wanted, 'key=x']);
});

test('lanes run side by side and keep the order of each key', async () => {
  const cloud = await start({ BatchSize: 2, ParallelizationFactor: 4 });
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const texts = [1, 2, 3, 4].flatMap((n) => keys.map((key) => `${key}=slow${n}`));
  await put(cloud, S, texts);
  await expectSoon(() => seen(cloud).length, texts.length);
  for (const key of keys) {
    const mine = seen(cloud).filter((text) => text.startsWith(key));
    expect(mine).toEqual([1, 2, 3, 4].map((n) => `${key}=slow${n}`));
  }
});

test('a parent is read to its end before its children', async () => {
  const cloud = await start({ Enabled: false, BatchSize: 10 });
  const name = { StreamName: S };
  await put(cloud, S, ['parent1', 'parent2']);
  await cloud.call(
    'kinesis',
    'UpdateShardCount',
    { ...name, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' },
    ROOT,
  );
  await put(cloud, S, ['a', 'b', 'c', 'd', 'e']);
  await update(cloud, { Enabled: true });
  await expectSoon(() => seen(cloud).length, 7);
  expect(seen(cloud).slice(0, 2)).toEqual(['parent1', 'parent2']);
  // A shard that appears while the mapping runs is read from its first record.
  await cloud.call(
    'kinesis',
    'UpdateShardCount',
    { ...name, TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' },
    ROOT,
  );
  await put(cloud, S, ['merged']);
  await expectSoon(() => seen(cloud).at(-1), 'merged');
});

test('LATEST starts where the stream was when the mapping was created, and shards that appear later at their beginning', async () => {
  const cloud = await start({ StartingPosition: 'LATEST', Enabled: false });
  await put(cloud, S, ['before the first poll']);
  const target = { StreamName: S, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' };
  await cloud.call('kinesis', 'UpdateShardCount', target, ROOT);
  await put(cloud, S, ['in a child']);
  await update(cloud, { Enabled: true });
  await expectSoon(() => seen(cloud), ['before the first poll', 'in a child']);
});

test('a paused mapping continues at its checkpoint, and settings change while it runs', async () => {
  const cloud = await start({});
  await put(cloud, S, ['a']);
  await expectSoon(() => seen(cloud), ['a']);
  expect(await update(cloud, { Enabled: false })).toMatchObject({ State: 'Disabled' });
  await put(cloud, S, ['b', 'c', 'd']);
  const changed = await update(cloud, {
    Enabled: true,
    BatchSize: 1,
    ParallelizationFactor: 2,
    MaximumRetryAttempts: 3,
  });
  expect(changed).toMatchObject({ BatchSize: 1, ParallelizationFactor: 2, MaximumRetryAttempts: 3, State: 'Enabled' });
  await expectSoon(() => [...seen(cloud)].sort((a, b) => (a < b ? -1 : 1)), ['a', 'b', 'c', 'd']);
  await expect(update(cloud, { ScalingConfig: { MaximumConcurrency: 2 } })).rejects.toThrow(/ScalingConfig/);
});

test('a throttled function waits and loses nothing', async () => {
  const resources = { Worker: worker({ Timeout: 5, ReservedConcurrentExecutions: 1 }) };
  const cloud = await start({ BatchSize: 1, ParallelizationFactor: 5, MaximumRetryAttempts: 0 }, { resources });
  const texts = Array.from({ length: 20 }, (_, index) => `k${index}=slow`);
  await put(cloud, S, texts);
  await expectSoon(() => seen(cloud).length, 20);
  expect(new Set(seen(cloud))).toEqual(new Set(texts));
  expect(cloud.events.filter(({ code }) => code === 'mapping.discarded')).toEqual([]);
});

test('a tumbling window and a missing permission are rejected', async () => {
  await expect(start({ TumblingWindowInSeconds: 10 })).rejects.toThrow(/TumblingWindowInSeconds/);
  await expect(
    start({}, { grants: [{ Effect: 'Deny', Action: 'kinesis:GetRecords', Resource: '*' }] }),
  ).rejects.toThrow(/kinesis:GetRecords/);
});
