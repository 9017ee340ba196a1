import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sequenceNumber, shardName } from './sequence.ts';

/** Number of hash keys: the MD5 of a partition key is one of 2^128. */
export const HASH_KEYS = 1n << 128n;

export const Shard = z.object({
  index: z.number(),
  /** First and last hash key, as decimal text. */
  from: z.string(),
  to: z.string(),
  /** Indexes of the shards that were split or merged into this one. */
  parents: z.array(z.number()),
  opened: z.number(),
  /** Position and time of the split or merge that closed it. */
  closed: z.object({ position: z.number(), at: z.number() }).optional(),
});
export type Shard = z.output<typeof Shard>;

export const isOpen = ({ closed }: Shard): boolean => closed === undefined;

/** Divides all hash keys evenly. */
export function evenStarts(count: number): bigint[] {
  const size = HASH_KEYS / BigInt(count);
  return Array.from({ length: count }, (_, index) => size * BigInt(index));
}

export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey, 'utf8').digest('hex')}`);
}

export function covers({ from, to }: Shard, hashKey: bigint): boolean {
  return BigInt(from) <= hashKey && hashKey <= BigInt(to);
}

/** A shard as DescribeStream and ListShards return it. */
export function shardView({ index, from, to, parents, opened, closed }: Shard) {
  const [parent, adjacent] = parents;
  return {
    ShardId: shardName(index),
    ...(parent !== undefined && { ParentShardId: shardName(parent) }),
    ...(adjacent !== undefined && { AdjacentParentShardId: shardName(adjacent) }),
    HashKeyRange: { StartingHashKey: from, EndingHashKey: to },
    SequenceNumberRange: {
      StartingSequenceNumber: sequenceNumber(opened, index),
      ...(closed !== undefined && { EndingSequenceNumber: sequenceNumber(closed.position, index) }),
    },
  };
}
