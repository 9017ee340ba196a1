import {
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import type { Shard } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { startKinesis, texts } from '../../testing/kinesis.ts';
import type { Kinesis } from '../../testing/kinesis.ts';

const StreamName = 'events';
const id = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;
const HALF = String(2n ** 127n);

async function shards(kinesis: Kinesis, more = {}): Promise<Shard[]> {
  return (await kinesis.client.send(new ListShardsCommand({ StreamName, ...more }))).Shards ?? [];
}

const put = (kinesis: Kinesis, text: string, ExplicitHashKey?: string) =>
  kinesis.client.send(
    new PutRecordCommand({ StreamName, PartitionKey: 'k', ExplicitHashKey, Data: Buffer.from(text) }),
  );

const open = (all: readonly Shard[]): Shard[] =>
  all.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined);

test('a partition key selects its shard by MD5, an explicit hash key overrides it', async () => {
  const kinesis = await startKinesis();
  await kinesis.stream(StreamName, 4);
  const [first, second] = await shards(kinesis);
  expect(first?.HashKeyRange).toEqual({ StartingHashKey: '0', EndingHashKey: String(2n ** 126n - 1n) });
  expect(second?.HashKeyRange?.StartingHashKey).toBe(String(2n ** 126n));
  // MD5('a') = 0cc1…, MD5('b') = 92eb…
  const Records = ['a', 'b'].map((PartitionKey) => ({ PartitionKey, Data: Buffer.from('x') }));
  const answer = await kinesis.client.send(new PutRecordsCommand({ StreamName, Records }));
  expect(answer.Records?.map(({ ShardId }) => ShardId)).toEqual([id(0), id(2)]);
  expect((await put(kinesis, 'x', HALF)).ShardId).toBe(id(2));
  expect((await put(kinesis, 'x', String(2n ** 128n - 1n))).ShardId).toBe(id(3));
  await expect(put(kinesis, 'x', String(2n ** 128n))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('a split closes its shard; a reader of the closed shard gets to its end and learns the children', async () => {
  const kinesis = await startKinesis();
  await kinesis.stream(StreamName);
  await put(kinesis, 'before');
  const iterator = await kinesis.iterator(StreamName, id(0));
  const split = new SplitShardCommand({ StreamName, ShardToSplit: id(0), NewStartingHashKey: HALF });
  await kinesis.client.send(split);
  expect((await put(kinesis, 'left', '1')).ShardId).toBe(id(1));
  expect((await put(kinesis, 'right', HALF)).ShardId).toBe(id(2));
  const all = await shards(kinesis);
  expect(open(all).map(({ ShardId, ParentShardId }) => [ShardId, ParentShardId])).toEqual([
    [id(1), id(0)],
    [id(2), id(0)],
  ]);
  const last = await kinesis.read(iterator);
  expect(texts(last.Records)).toEqual(['before']);
  const end = last.NextShardIterator === undefined ? last : await kinesis.read(last.NextShardIterator);
  expect(end.NextShardIterator).toBeUndefined();
  expect(end.ChildShards?.map(({ ShardId, ParentShards }) => [ShardId, ParentShards])).toEqual([
    [id(1), [id(0)]],
    [id(2), [id(0)]],
  ]);
  await expect(kinesis.client.send(split)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('a reader of an open shard always gets another iterator', async () => {
  const kinesis = await startKinesis();
  await kinesis.stream(StreamName);
  let iterator: string | undefined = await kinesis.iterator(StreamName, id(0));
  for (let n = 0; n < 3; n++) {
    const { NextShardIterator, ChildShards } = await kinesis.read(iterator);
    expect([typeof NextShardIterator, ChildShards]).toEqual(['string', undefined]);
    iterator = NextShardIterator;
  }
});

test('a merge has two parents and only takes neighbours', async () => {
  const kinesis = await startKinesis();
  await kinesis.stream(StreamName, 3);
  const merge = (ShardToMerge: string, AdjacentShardToMerge: string) =>
    kinesis.client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge }));
  await expect(merge(id(0), id(2))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await merge(id(0), id(1));
  const merged = open(await shards(kinesis)).find(({ ShardId }) => ShardId === id(3));
  expect(merged).toMatchObject({ ParentShardId: id(0), AdjacentParentShardId: id(1) });
  const before = await shards(kinesis, { ShardFilter: { Type: 'AT_LATEST' } });
  expect(new Set(before.map(({ ShardId }) => ShardId))).toEqual(new Set([id(2), id(3)]));
});

test.each([2, 4, 5, 6])('UpdateShardCount brings a stream of 3 shards to %i even ones', async (TargetShardCount) => {
  const kinesis = await startKinesis();
  await kinesis.stream(StreamName, 3);
  const command = new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' });
  expect(await kinesis.client.send(command)).toMatchObject({ CurrentShardCount: 3, TargetShardCount });
  const starts = open(await shards(kinesis)).map(({ HashKeyRange }) => BigInt(HashKeyRange?.StartingHashKey ?? 0));
  const size = 2n ** 128n / BigInt(TargetShardCount);
  const even = Array.from({ length: TargetShardCount }, (_, index) => size * BigInt(index));
  expect(starts.sort((a, b) => (a < b ? -1 : 1))).toEqual(even);
  await expect(
    kinesis.client.send(
      new UpdateShardCountCommand({ StreamName, TargetShardCount: 13, ScalingType: 'UNIFORM_SCALING' }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('ListShards answers in pages', async () => {
  const kinesis = await startKinesis();
  await kinesis.stream(StreamName, 5);
  const seen: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const named = NextToken === undefined ? { StreamName } : { NextToken };
    const page = await kinesis.client.send(new ListShardsCommand({ ...named, MaxResults: 2 }));
    seen.push(...(page.Shards ?? []).map(({ ShardId }) => ShardId));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(seen).toEqual([0, 1, 2, 3, 4].map(id));
  const after = await shards(kinesis, { ExclusiveStartShardId: id(3) });
  expect(after.map(({ ShardId }) => ShardId)).toEqual([id(4)]);
});
