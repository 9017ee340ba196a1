import { SplitShardCommand } from '@aws-sdk/client-kinesis';
import { startKinesis } from '@agent-fleet/local-cloud/testing/kinesis';
import { expect, it } from 'vitest';
import { putInOrder } from '#adapters/kinesis/put-events.ts';
import { recordsSince } from '#adapters/kinesis/records-since.ts';

it('reads what a stream has kept, each key in its order, also across a split of its shard', async () => {
  const kinesis = await startKinesis();
  const stream = await kinesis.stream('events');
  const put = async (...texts: readonly string[]) => {
    const records = texts.map((text) => ({ key: text.slice(0, 1), bytes: Buffer.from(text) }));
    await putInOrder(kinesis.client, stream, records);
  };
  await put('a1', 'b1', 'a2');
  const split = { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: (2n ** 127n).toString() };
  await kinesis.client.send(new SplitShardCommand({ StreamName: stream, ...split }));
  await put('a3', 'b2', 'c1');
  const texts = (await recordsSince(kinesis.client, stream, Date.now() - 60_000)).map(({ bytes }) =>
    Buffer.from(bytes).toString(),
  );
  expect(texts.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
  expect(texts.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  expect(texts.filter((text) => text.startsWith('b'))).toEqual(['b1', 'b2']);
});
