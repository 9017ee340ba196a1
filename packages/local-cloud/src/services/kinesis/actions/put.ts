import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { invalidArgument, rateExceeded } from '../errors.ts';
import { hashKey, parseKinesis, sequence, stream } from '../input.ts';
import type { NewRecord } from '../records.ts';
import { sequenceNumber, shardName } from '../sequence.ts';
import { covers, HASH_KEYS, hashKeyOf, isOpen } from '../shard.ts';
import type { Stream } from '../store.ts';
import type { KinesisAction } from './action.ts';

const record = {
  Data: z.string(),
  PartitionKey: z.string().min(1).max(256),
  ExplicitHashKey: hashKey.nullish(),
};
const One = z.strictObject({ ...stream, ...record, SequenceNumberForOrdering: sequence.nullish() });
const Many = z.strictObject({ ...stream, Records: z.array(z.strictObject(record)).min(1).max(500) });

/** Maximum size of one PutRecords: data and partition keys. */
const MAX_REQUEST_BYTES = 10 * 2 ** 20;

/** Order is given by the sequence numbers, which grow strictly. So SequenceNumberForOrdering adds nothing. */
export const putRecord: KinesisAction = ({ store }, input) => {
  const {
    SequenceNumberForOrdering: _ordering,
    Data,
    PartitionKey,
    ExplicitHashKey,
    ...named
  } = parseKinesis(One, input);
  const found = store.get(named);
  const record = newRecord(found, { Data, PartitionKey, ExplicitHashKey });
  if (!store.limits.tryWrite(found.id, record.shard, sizeOf(record), store.now())) {
    throw rateExceeded(shardName(record.shard), found.name, store.place);
  }
  const [position = 0] = store.append(found, [record]);
  return { ...answer(record, position), ...encryption(found) };
};

export const putRecords: KinesisAction = ({ store }, input) => {
  const { Records, ...named } = parseKinesis(Many, input);
  const found = store.get(named);
  const records = Records.map((each) => newRecord(found, each));
  if (records.reduce((sum, each) => sum + sizeOf(each), 0) > MAX_REQUEST_BYTES) {
    throw invalidArgument(`Records size exceeds ${MAX_REQUEST_BYTES / 2 ** 20} MB limit`);
  }
  const now = store.now();
  const taken = records.filter((each) => store.limits.tryWrite(found.id, each.shard, sizeOf(each), now));
  const positions = new Map(store.append(found, taken).map((position, index) => [taken[index], position]));
  return {
    FailedRecordCount: records.length - taken.length,
    Records: records.map((each) => {
      const position = positions.get(each);
      if (position !== undefined) return answer(each, position);
      const { code, message } = rateExceeded(shardName(each.shard), found.name, store.place);
      return { ErrorCode: code, ErrorMessage: message };
    }),
    ...encryption(found),
  };
};

const sizeOf = ({ key, data }: NewRecord): number => data.length + Buffer.byteLength(key);

const answer = ({ shard }: NewRecord, position: number) => ({
  ShardId: shardName(shard),
  SequenceNumber: sequenceNumber(position, shard),
});

const encryption = ({ keyId }: Stream) => (keyId === undefined ? {} : { EncryptionType: 'KMS' });

function newRecord(
  { shards, maxRecordKiB }: Stream,
  given: { Data: string; PartitionKey: string; ExplicitHashKey?: string | null | undefined },
): NewRecord {
  const key = given.PartitionKey;
  const data = decode(given.Data);
  if (data.length + Buffer.byteLength(key) > maxRecordKiB * 1024) {
    const size = `java.nio.HeapByteBuffer[pos=0 lim=${data.length} cap=${data.length}]`;
    const message = `1 validation error detected: Value '${size}' at 'data' failed to satisfy constraint: Member must have length less than or equal to ${maxRecordKiB * 1024}`;
    throw new ServiceError('ValidationException', message);
  }
  const hash = given.ExplicitHashKey ? explicit(given.ExplicitHashKey) : hashKeyOf(key);
  const shard = shards.find((each) => isOpen(each) && covers(each, hash));
  if (shard === undefined) throw new Error(`No open shard covers the hash key ${hash}.`);
  return { shard: shard.index, key, data };
}

function explicit(text: string): bigint {
  const hash = BigInt(text);
  if (hash < HASH_KEYS) return hash;
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${text}`,
  );
}

function decode(base64: string): Buffer {
  const data = Buffer.from(base64, 'base64');
  // Buffer skips what is not base64, so only the length of its text shows an error.
  if (data.toString('base64').length === base64.length) return data;
  throw new ServiceError('SerializationException', 'Data can not be converted to a Blob: it is not valid base64.');
}
