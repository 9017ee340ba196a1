import { z } from 'zod';
import { noSuchStream } from '../errors.ts';
import { parseKinesis, stream, streamName } from '../input.ts';
import { isOpen, shardView } from '../shard.ts';
import type { Stream } from '../store.ts';
import { invalidArgument } from '../errors.ts';
import type { KinesisAction } from './action.ts';

const mode = z.strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) });
const Created = z.strictObject({
  StreamName: streamName,
  ShardCount: z.int().min(1).max(100_000).nullish(),
  StreamModeDetails: mode.nullish(),
  MaxRecordSizeInKiB: z.int().min(1024).max(10_240).nullish(),
  /** Tags have no effect here. */
  Tags: z.record(z.string(), z.string()).nullish(),
});
const Deleted = z.strictObject({ ...stream, EnforceConsumerDeletion: z.boolean().nullish() });
const Described = z.strictObject({
  ...stream,
  Limit: z.int().min(1).max(10_000).nullish(),
  ExclusiveStartShardId: z.string().nullish(),
});
const Listed = z.strictObject({
  Limit: z.int().min(1).max(10_000).nullish(),
  ExclusiveStartStreamName: streamName.nullish(),
  NextToken: z.string().nullish(),
});

/** Shards of a page of DescribeStream, and streams of a page of ListStreams, unless the request has a limit. */
const PAGE = 100;

export const createStream: KinesisAction = ({ store }, input) => {
  const { StreamName, ShardCount, StreamModeDetails, MaxRecordSizeInKiB } = parseKinesis(Created, input);
  const chosen = StreamModeDetails?.StreamMode ?? 'PROVISIONED';
  if (chosen === 'ON_DEMAND' && ShardCount !== undefined && ShardCount !== null) {
    throw invalidArgument('ShardCount must not be specified when the stream mode is ON_DEMAND.');
  }
  if (chosen === 'PROVISIONED' && (ShardCount === undefined || ShardCount === null)) {
    throw invalidArgument('ShardCount must be specified when the stream mode is PROVISIONED.');
  }
  store.create(StreamName, {
    mode: chosen,
    shardCount: ShardCount ?? undefined,
    maxRecordKiB: MaxRecordSizeInKiB ?? 1024,
  });
  return {};
};

export const deleteStream: KinesisAction = ({ store }, input) => {
  store.delete(store.get(parseKinesis(Deleted, input)));
  return {};
};

export const describeStream: KinesisAction = ({ store }, input) => {
  const { Limit, ExclusiveStartShardId, ...named } = parseKinesis(Described, input);
  const found = store.get(named);
  const after = found.shards.map(shardView).filter(({ ShardId }) => ShardId > (ExclusiveStartShardId ?? ''));
  const Shards = after.slice(0, Limit ?? PAGE);
  return { StreamDescription: { ...described(found), Shards, HasMoreShards: Shards.length < after.length } };
};

export const describeStreamSummary: KinesisAction = ({ store }, input) => {
  const found = store.get(parseKinesis(z.strictObject(stream), input));
  return {
    StreamDescriptionSummary: {
      ...described(found),
      OpenShardCount: found.shards.filter(isOpen).length,
      ConsumerCount: 0,
      MaxRecordSizeInKiB: found.maxRecordKiB,
    },
  };
};

function described({ name, arn, createdAt, mode: StreamMode, retentionHours, keyId }: Stream) {
  return {
    StreamName: name,
    StreamARN: arn,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode },
    RetentionPeriodHours: retentionHours,
    StreamCreationTimestamp: createdAt / 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: keyId === undefined ? 'NONE' : 'KMS',
    ...(keyId !== undefined && { KeyId: keyId }),
  };
}

export const listStreams: KinesisAction = ({ store }, input) => {
  const { Limit, ExclusiveStartStreamName, NextToken } = parseKinesis(Listed, input);
  const start = NextToken ?? ExclusiveStartStreamName ?? '';
  if (NextToken !== undefined && NextToken !== null && store.find(NextToken) === undefined) {
    throw noSuchStream(NextToken, store.place);
  }
  const after = store.list().filter(({ name }) => name > start);
  const page = after.slice(0, Limit ?? PAGE);
  const HasMoreStreams = page.length < after.length;
  return {
    StreamNames: page.map(({ name }) => name),
    StreamSummaries: page.map((each) => {
      const { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp } = described(each);
      return { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp };
    }),
    HasMoreStreams,
    ...(HasMoreStreams && { NextToken: page.at(-1)?.name }),
  };
};
