import { setTimeout as delay } from 'node:timers/promises';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  type KinesisClient,
  type Shard,
} from '@aws-sdk/client-kinesis';

export interface KeptRecord {
  readonly bytes: Uint8Array;
  /** When the stream received it, in milliseconds since 1970. */
  readonly arrivedAt: number;
}

/** Kinesis takes five reads a second of a shard, which the router's mapping uses too. */
const BETWEEN_MS = 400;

/**
 * What a stream has kept since an instant, in the order of its arrival. Of one key, the order is that of the stream, also
 * where shards were split or merged. Records that arrive meanwhile may be left out.
 * @param since in milliseconds since 1970
 */
export async function recordsSince(
  client: KinesisClient,
  stream: string,
  since: number,
  signal?: AbortSignal,
): Promise<readonly KeptRecord[]> {
  const records: KeptRecord[] = [];
  for (const { ShardId } of parentsFirst(await shardsOf(client, stream))) {
    for await (const record of ofShard(client, { stream, shard: ShardId ?? '', since }, signal)) records.push(record);
  }
  // The sort is stable: records of one instant stay as they were read.
  return records.toSorted((one, other) => one.arrivedAt - other.arrivedAt);
}

async function shardsOf(client: KinesisClient, StreamName: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let token: string | undefined;
  do {
    // A token stands for the stream too, and Kinesis rejects both together.
    const page = token === undefined ? { StreamName } : { NextToken: token };
    const { Shards = [], NextToken } = await client.send(new ListShardsCommand(page));
    shards.push(...Shards);
    token = NextToken;
  } while (token !== undefined);
  return shards;
}

async function* ofShard(
  client: KinesisClient,
  { stream, shard, since }: { readonly stream: string; readonly shard: string; readonly since: number },
  signal: AbortSignal | undefined,
): AsyncGenerator<KeptRecord> {
  const from = {
    StreamName: stream,
    ShardId: shard,
    ShardIteratorType: 'AT_TIMESTAMP',
    Timestamp: new Date(since),
  } as const;
  let { ShardIterator: iterator } = await client.send(new GetShardIteratorCommand(from));
  // A closed shard ends with no iterator, an open one where nothing is behind.
  while (iterator !== undefined) {
    signal?.throwIfAborted();
    const answer = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    for (const { Data, ApproximateArrivalTimestamp } of answer.Records ?? [])
      yield { bytes: Data ?? new Uint8Array(), arrivedAt: ApproximateArrivalTimestamp?.getTime() ?? 0 };
    if ((answer.MillisBehindLatest ?? 0) === 0) return;
    iterator = answer.NextShardIterator;
    if (iterator !== undefined) await delay(BETWEEN_MS, undefined, { signal });
  }
}

/** Shards in an order in which each comes after those that it was made from. */
function parentsFirst(shards: readonly Shard[]): Shard[] {
  const byId = new Map(shards.map((shard) => [shard.ShardId, shard]));
  const ordered = new Set<Shard>();
  const add = (shard: Shard | undefined): void => {
    if (shard === undefined || ordered.has(shard)) return;
    add(byId.get(shard.ParentShardId));
    add(byId.get(shard.AdjacentParentShardId));
    ordered.add(shard);
  };
  for (const shard of shards) add(shard);
  return [...ordered];
}
