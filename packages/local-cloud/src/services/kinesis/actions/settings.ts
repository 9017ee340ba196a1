import { z } from 'zod';
import { invalidArgument } from '../errors.ts';
import { parseKinesis, stream, streamArn } from '../input.ts';
import { isOpen } from '../shard.ts';
import type { Stream } from '../store.ts';
import type { KinesisAction } from './action.ts';
import { rescale } from './reshard.ts';

/** Range of the retention period, in hours: a day to a year. */
const MIN_HOURS = 24;
const MAX_HOURS = 8760;

const Retention = z.strictObject({ ...stream, RetentionPeriodHours: z.int() });
const Mode = z.strictObject({
  StreamARN: streamArn,
  StreamModeDetails: z.strictObject({ StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']) }),
});
const RecordSize = z.strictObject({ StreamARN: streamArn, MaxRecordSizeInKiB: z.int().min(1024).max(10_240) });
const Encryption = z.strictObject({
  ...stream,
  EncryptionType: z.enum(['NONE', 'KMS']),
  KeyId: z.string().min(1).max(2048),
});

export const increaseStreamRetentionPeriod: KinesisAction = ({ store }, input) => {
  const { RetentionPeriodHours: hours, ...named } = parseKinesis(Retention, input);
  const found = store.get(named);
  checkHours(hours);
  if (hours < found.retentionHours) throw wrongDirection(found, hours, 'shorter', 'DecreaseRetentionPeriod');
  store.update(found, { retentionHours: hours });
  return {};
};

export const decreaseStreamRetentionPeriod: KinesisAction = ({ store }, input) => {
  const { RetentionPeriodHours: hours, ...named } = parseKinesis(Retention, input);
  const found = store.get(named);
  checkHours(hours);
  if (hours > found.retentionHours) throw wrongDirection(found, hours, 'longer', 'IncreaseRetentionPeriod');
  store.update(found, { retentionHours: hours });
  return {};
};

function checkHours(hours: number): void {
  if (hours < MIN_HOURS) {
    throw invalidArgument(
      `Minimum allowed retention period is ${MIN_HOURS} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > MAX_HOURS) {
    throw invalidArgument(
      `Maximum allowed retention period is ${MAX_HOURS} hours. Requested retention period (${hours} hours) is too long.`,
    );
  }
}

const wrongDirection = ({ name, retentionHours }: Stream, hours: number, than: string, action: string) =>
  invalidArgument(
    `Requested retention period (${hours} hours) for stream ${name} can not be ${than} than existing retention period (${retentionHours} hours). Use ${action} API.`,
  );

export const updateStreamMode: KinesisAction = ({ store }, input) => {
  const { StreamARN, StreamModeDetails } = parseKinesis(Mode, input);
  store.update(store.get({ StreamARN }), { mode: StreamModeDetails.StreamMode });
  return {};
};

export const updateMaxRecordSize: KinesisAction = ({ store }, input) => {
  const { StreamARN, MaxRecordSizeInKiB } = parseKinesis(RecordSize, input);
  store.update(store.get({ StreamARN }), { maxRecordKiB: MaxRecordSizeInKiB });
  return {};
};

export const startStreamEncryption: KinesisAction = ({ store }, input) => {
  const { EncryptionType: _type, KeyId, ...named } = parseKinesis(Encryption, input);
  store.update(store.get(named), { keyId: KeyId });
  return {};
};

export const stopStreamEncryption: KinesisAction = ({ store }, input) => {
  const { EncryptionType: _type, KeyId: _key, ...named } = parseKinesis(Encryption, input);
  store.update(store.get(named), { keyId: undefined });
  return {};
};

const Provisioned = z.strictObject({
  StreamName: z.string(),
  StreamMode: z.enum(['PROVISIONED', 'ON_DEMAND']),
  ShardCount: z.int().min(1).optional(),
  RetentionPeriodHours: z.int().min(MIN_HOURS).max(MAX_HOURS),
  MaxRecordSizeInKiB: z.int().min(1024).max(10_240),
  KeyId: z.string().optional(),
});

/**
 * Creates a stream or brings an existing one to these settings. Only the resources of a template use it. An on-demand
 * stream keeps the shards that it has.
 */
export const provisionStream: KinesisAction = ({ store }, input) => {
  const given = parseKinesis(Provisioned, input);
  const { StreamName: name, StreamMode: mode, ShardCount: shardCount, MaxRecordSizeInKiB: maxRecordKiB } = given;
  const found = store.find(name) ?? store.create(name, { mode, shardCount, maxRecordKiB });
  const { RetentionPeriodHours: retentionHours, KeyId: keyId } = given;
  const changed = store.update(found, { mode, retentionHours, maxRecordKiB, keyId });
  if (mode === 'PROVISIONED' && shardCount !== undefined && shardCount !== changed.shards.filter(isOpen).length) {
    rescale(store, changed, shardCount);
  }
  return { StreamARN: found.arn };
};
