import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { invalidArgument, noSuchShard } from '../errors.ts';
import { hashKey, parseKinesis, shardId, stream } from '../input.ts';
import { shardIndex } from '../sequence.ts';
import { evenStarts, isOpen } from '../shard.ts';
import type { Shard } from '../shard.ts';
import type { Stream, StreamStore } from '../store.ts';
import type { KinesisAction } from './action.ts';

const Split = z.strictObject({ ...stream, ShardToSplit: shardId, NewStartingHashKey: hashKey });
const Merged = z.strictObject({ ...stream, ShardToMerge: shardId, AdjacentShardToMerge: shardId });
const Counted = z.strictObject({
  ...stream,
  TargetShardCount: z.int().min(1),
  ScalingType: z.enum(['UNIFORM_SCALING']),
});

export const splitShard: KinesisAction = ({ store }, input) => {
  const { ShardToSplit, NewStartingHashKey, ...named } = parseKinesis(Split, input);
  const found = provisioned(store.get(named), store);
  const shard = openShard(found, ShardToSplit, store);
  const at = BigInt(NewStartingHashKey);
  if (at <= BigInt(shard.from) + 1n || at >= BigInt(shard.to)) {
    throw invalidArgument(
      `NewStartingHashKey ${NewStartingHashKey} used in SplitShard() on shard ${ShardToSplit} in stream ${found.name} under account ${store.place.account} is not both greater than one plus the shard's StartingHashKey ${shard.from} and less than the shard's EndingHashKey ${shard.to}.`,
    );
  }
  store.update(found, { shards: split(found.shards, shard, at, store) });
  return {};
};

export const mergeShards: KinesisAction = ({ store }, input) => {
  const { ShardToMerge, AdjacentShardToMerge, ...named } = parseKinesis(Merged, input);
  const found = provisioned(store.get(named), store);
  const first = openShard(found, ShardToMerge, store);
  const second = openShard(found, AdjacentShardToMerge, store);
  const [left, right] = BigInt(first.from) < BigInt(second.from) ? [first, second] : [second, first];
  if (BigInt(left.to) + 1n !== BigInt(right.from)) {
    throw invalidArgument(
      `Shards ${ShardToMerge} and ${AdjacentShardToMerge} in stream ${found.name} under account ${store.place.account} are not an adjacent pair of shards eligible for merging`,
    );
  }
  store.update(found, { shards: merge(found.shards, first, second, store) });
  return {};
};

/** Splits and merges until the shards have the same size, as AWS does. */
export const updateShardCount: KinesisAction = ({ store }, input) => {
  const { TargetShardCount, ScalingType: _uniform, ...named } = parseKinesis(Counted, input);
  const found = provisioned(store.get(named), store);
  const CurrentShardCount = found.shards.filter(isOpen).length;
  if (TargetShardCount > 2 * CurrentShardCount || TargetShardCount < CurrentShardCount / 2) {
    throw invalidArgument(
      `UpdateShardCount cannot scale from ${CurrentShardCount} to ${TargetShardCount} shards: the target must be between half and double the current number.`,
    );
  }
  rescale(store, found, TargetShardCount);
  return { StreamName: found.name, StreamARN: found.arn, CurrentShardCount, TargetShardCount };
};

/** Brings a stream to `count` even shards. */
export function rescale(store: StreamStore, found: Stream, count: number): void {
  const starts = evenStarts(count);
  let shards: readonly Shard[] = found.shards;
  for (const start of starts) {
    const shard = shards.find((each) => isOpen(each) && BigInt(each.from) < start && start <= BigInt(each.to));
    if (shard !== undefined) shards = split(shards, shard, start, store);
  }
  for (;;) {
    const open = shards.filter(isOpen).sort((a, b) => (BigInt(a.from) < BigInt(b.from) ? -1 : 1));
    const index = open.findIndex(({ from }) => !starts.includes(BigInt(from)));
    const [left, right] = [open[index - 1], open[index]];
    if (left === undefined || right === undefined) break;
    shards = merge(shards, left, right, store);
  }
  if (shards !== found.shards) store.update(found, { shards: [...shards] });
}

function split(shards: readonly Shard[], shard: Shard, at: bigint, store: StreamStore): Shard[] {
  const next = nextIndex(shards);
  const closed = close(shards, [shard], store);
  const opened = store.records.next(store.now());
  const parents = [shard.index];
  return [
    ...closed,
    { index: next, from: shard.from, to: String(at - 1n), parents, opened },
    { index: next + 1, from: String(at), to: shard.to, parents, opened: store.records.next(store.now()) },
  ];
}

function merge(shards: readonly Shard[], first: Shard, second: Shard, store: StreamStore): Shard[] {
  const closed = close(shards, [first, second], store);
  const [left, right] = BigInt(first.from) < BigInt(second.from) ? [first, second] : [second, first];
  const parents = [first.index, second.index];
  const opened = store.records.next(store.now());
  return [...closed, { index: nextIndex(shards), from: left.from, to: right.to, parents, opened }];
}

const nextIndex = (shards: readonly Shard[]): number => Math.max(...shards.map(({ index }) => index)) + 1;

function close(shards: readonly Shard[], closing: readonly Shard[], store: StreamStore): Shard[] {
  const closed = { position: store.records.next(store.now()), at: store.now() };
  return shards.map((shard) => (closing.includes(shard) ? { ...shard, closed } : shard));
}

function provisioned(found: Stream, { place }: StreamStore): Stream {
  if (found.mode === 'PROVISIONED') return found;
  const message = `Request is invalid. Stream ${found.name} under account ${place.account} is in On-Demand mode.`;
  throw new ServiceError('ValidationException', message);
}

function openShard(found: Stream, id: string, { place }: StreamStore): Shard {
  const index = shardIndex(id);
  const shard = found.shards.find((each) => each.index === index);
  if (shard === undefined) throw noSuchShard(id, found.name, place);
  if (isOpen(shard)) return shard;
  throw invalidArgument(
    `Shard ${id} in stream ${found.name} under account ${place.account} has already been merged or split, and thus is not eligible for merging or splitting.`,
  );
}
