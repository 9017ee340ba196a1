import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { invalidArgument, noSuchShard, rateExceeded } from '../errors.ts';
import { parseKinesis, sequence, shardId, stream, streamArn, timestamp } from '../input.ts';
import { readIterator, writeIterator } from '../iterator.ts';
import { parseSequence, sequenceNumber, shardIndex, shardName } from '../sequence.ts';
import type { Shard } from '../shard.ts';
import type { Stream, StreamStore } from '../store.ts';
import type { KinesisAction } from './action.ts';

const Started = z.strictObject({
  ...stream,
  ShardId: shardId,
  ShardIteratorType: z.enum(['AFTER_SEQUENCE_NUMBER', 'LATEST', 'AT_TIMESTAMP', 'AT_SEQUENCE_NUMBER', 'TRIM_HORIZON']),
  StartingSequenceNumber: sequence.nullish(),
  Timestamp: timestamp.nullish(),
});
type Started = z.output<typeof Started>;

const Read = z.strictObject({
  ShardIterator: z.string().min(1).max(512),
  Limit: z.int().min(1).max(10_000).nullish(),
  StreamARN: streamArn.nullish(),
  StreamId: z.string().nullish(),
});

/** Maximum size of an answer. */
const MAX_BYTES = 10 * 2 ** 20;

export const getShardIterator: KinesisAction = ({ store }, input) => {
  const given = parseKinesis(Started, input);
  const found = store.get(given);
  const shard = shardOf(found, given.ShardId, store);
  const after = startOf(given, found, shard, store);
  return {
    ShardIterator: writeIterator({ stream: found.name, streamId: found.id, shard: shard.index, after }, store.now()),
  };
};

function startOf(given: Started, found: Stream, shard: Shard, store: StreamStore): number {
  const { ShardIteratorType: type, StartingSequenceNumber: start, Timestamp } = given;
  const bySequence = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER';
  const hasStart = start !== undefined && start !== null;
  if (bySequence !== hasStart && type !== 'AT_TIMESTAMP') {
    const which = hasStart ? 'also a' : 'no';
    throw invalidArgument(
      `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${type} and ${which} StartingSequenceNumber.`,
    );
  }
  switch (type) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return store.records.last;
    case 'AT_SEQUENCE_NUMBER':
      return positionOf(start ?? '', found, shard, store) - 1;
    case 'AFTER_SEQUENCE_NUMBER':
      return positionOf(start ?? '', found, shard, store);
    case 'AT_TIMESTAMP':
      return beforeTime(Timestamp, found, shard, store);
  }
}

function positionOf(text: string, { name, id }: Stream, shard: Shard, { place }: StreamStore): number {
  const parsed = parseSequence(text);
  const used = `StartingSequenceNumber ${text} used in GetShardIterator on shard ${shardName(shard.index)} in stream ${name} under account ${place.account} is invalid`;
  if (parsed === undefined) throw invalidArgument(`${used}.`);
  if (parsed.shard !== shard.index) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardName(parsed.shard)}, while it was used in a call to a shard with ${shardName(shard.index)}`,
    );
  }
  if (parsed.position < id) throw invalidArgument(`${used} because it did not come from this stream.`);
  return parsed.position;
}

function beforeTime(seconds: number | null | undefined, { id }: Stream, shard: Shard, store: StreamStore): number {
  if (seconds === undefined || seconds === null) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    );
  }
  const time = Math.round(seconds * 1000);
  if (time > store.now()) {
    throw invalidArgument(
      `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${time}, currentTimestampInMillis: ${store.now()}`,
    );
  }
  return (store.records.firstSince(id, shard.index, time) ?? store.records.last + 1) - 1;
}

export const getRecords: KinesisAction = ({ store, remote }, input) => {
  const { ShardIterator, Limit, StreamARN } = parseKinesis(Read, input);
  const now = store.now();
  const place = readIterator(ShardIterator, now);
  const found = store.find(place.stream);
  const shard = found?.shards.find(({ index }) => index === place.shard);
  if (found === undefined || shard === undefined || found.id !== place.streamId) {
    const message = `Shard ${shardName(place.shard)} in stream ${place.stream} under account ${store.place.account} does not exist`;
    throw new ServiceError('ResourceNotFoundException', message);
  }
  if (StreamARN !== undefined && StreamARN !== null && StreamARN !== found.arn) {
    throw invalidArgument('The ShardIterator belongs to another stream than StreamARN.');
  }
  if (remote && !store.limits.tryRead(found.id, shard.index, now)) {
    throw rateExceeded(shardName(shard.index), found.name, store.place);
  }
  const range = { after: place.after, since: store.horizon(found), limit: Limit ?? 10_000, maxBytes: MAX_BYTES };
  const { records, more } = store.records.read(found.id, shard.index, range);
  const last = records.at(-1);
  const after = last?.position ?? place.after;
  return {
    Records: records.map(({ position, arrivedAt, key, data }) => ({
      SequenceNumber: sequenceNumber(position, shard.index),
      ApproximateArrivalTimestamp: arrivedAt / 1000,
      PartitionKey: key,
      Data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
      ...(found.keyId !== undefined && { EncryptionType: 'KMS' }),
    })),
    MillisBehindLatest: more && last !== undefined ? Math.max(0, now - last.arrivedAt) : 0,
    ...(shard.closed !== undefined && !more
      ? { ChildShards: childrenOf(found, shard) }
      : { NextShardIterator: writeIterator({ ...place, after }, now) }),
  };
};

function childrenOf({ shards }: Stream, { index }: Shard) {
  return shards
    .filter(({ parents }) => parents.includes(index))
    .map((child) => ({
      ShardId: shardName(child.index),
      ParentShards: child.parents.map(shardName),
      HashKeyRange: { StartingHashKey: child.from, EndingHashKey: child.to },
    }));
}

function shardOf(found: Stream, id: string, { place }: StreamStore): Shard {
  const index = shardIndex(id);
  const shard = found.shards.find((each) => each.index === index);
  if (shard === undefined) throw noSuchShard(id, found.name, place);
  return shard;
}
