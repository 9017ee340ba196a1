import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PutRecordCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { expect, test } from 'vitest';
import { startKinesis, texts } from '../../testing/kinesis.ts';
import { temporaryFolder } from '../../testing/serve.ts';

interface Put {
  readonly SequenceNumber?: string;
}

test('keeps every record that it answered through kill -9', async () => {
  const dataDir = temporaryFolder();
  const victim = fork(fileURLToPath(import.meta.resolve('./victim.ts')), [dataDir]);
  const sent: string[] = [];
  victim.on('message', (records: Put[]) => {
    for (const { SequenceNumber } of records) if (SequenceNumber !== undefined) sent.push(SequenceNumber);
    if (sent.length >= 500) victim.kill('SIGKILL');
  });
  await once(victim, 'exit');
  const kinesis = await startKinesis({ dataDir });
  const found = new Set<string | undefined>();
  for (let shard = 0; shard < 4; shard++) {
    const answer = await kinesis.read(await kinesis.iterator('events', `shardId-00000000000${shard}`));
    for (const { SequenceNumber } of answer.Records ?? []) found.add(SequenceNumber);
  }
  expect(sent.length).toBeGreaterThanOrEqual(500);
  expect(sent.filter((number) => !found.has(number))).toEqual([]);
});

test('shards, iterators and the order of sequence numbers survive a restart, also when the clock goes back', async () => {
  const dataDir = temporaryFolder();
  let now = Date.UTC(2026, 0, 2);
  const first = await startKinesis({ dataDir, now: () => now });
  const StreamName = await first.stream('events');
  const put = (kinesis: typeof first, text: string) =>
    kinesis.client.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(text) }));
  const before = await put(first, 'before');
  const iterator = await first.iterator(StreamName, 'shardId-000000000000');
  const NewStartingHashKey = String(2n ** 127n);
  await first.client.send(
    new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey }),
  );
  await first.close();

  now -= 60_000;
  const second = await startKinesis({ dataDir, now: () => now });
  const after = await put(second, 'after');
  expect(after.ShardId).not.toBe(before.ShardId);
  expect(BigInt(after.SequenceNumber ?? 0)).toBeGreaterThan(BigInt(before.SequenceNumber ?? 0));
  expect(texts((await second.read(iterator)).Records)).toEqual(['before']);
});
