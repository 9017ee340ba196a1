import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { invalidArgument } from '../errors.ts';
import { parseKinesis, shardId, stream, timestamp } from '../input.ts';
import { shardIndex, shardName } from '../sequence.ts';
import { isOpen, shardView } from '../shard.ts';
import type { Shard } from '../shard.ts';
import type { KinesisAction } from './action.ts';

const filter = z.strictObject({
  Type: z.enum([
    'AFTER_SHARD_ID',
    'AT_TRIM_HORIZON',
    'FROM_TRIM_HORIZON',
    'AT_LATEST',
    'AT_TIMESTAMP',
    'FROM_TIMESTAMP',
  ]),
  ShardId: shardId.nullish(),
  Timestamp: timestamp.nullish(),
});
type Filter = z.output<typeof filter>;

const Input = z.strictObject({
  ...stream,
  NextToken: z.string().min(1).nullish(),
  ExclusiveStartShardId: shardId.nullish(),
  MaxResults: z.int().min(1).max(10_000).nullish(),
  StreamCreationTimestamp: timestamp.nullish(),
  ShardFilter: filter.nullish(),
});

/** The state of a listing between its pages. */
const Token = z.object({ stream: z.string(), after: z.string(), filter: filter.nullish(), createdAt: z.number() });

/** How long a token is valid. */
const TOKEN_MS = 300_000;

export const listShards: KinesisAction = ({ store }, input) => {
  const { NextToken, ExclusiveStartShardId, MaxResults, ShardFilter, ...named } = parseKinesis(Input, input);
  const token = NextToken === undefined || NextToken === null ? undefined : readToken(NextToken, store.now());
  if (token !== undefined && named.StreamName !== undefined) {
    throw invalidArgument('NextToken and StreamName cannot be provided together.');
  }
  const found = store.get(token === undefined ? named : { StreamName: token.stream });
  const chosen = token === undefined ? ShardFilter : token.filter;
  const from = token?.after ?? ExclusiveStartShardId ?? '';
  const horizon = store.horizon(found);
  const matching = found.shards
    .filter((shard) => matches(shard, chosen, { horizon, createdAt: found.createdAt }))
    .filter(({ index }) => shardName(index) > from);
  const page = matching.slice(0, MaxResults ?? 1000);
  const last = page.at(-1);
  return {
    Shards: page.map(shardView),
    ...(last !== undefined &&
      page.length < matching.length && {
        NextToken: writeToken({
          stream: found.name,
          after: shardName(last.index),
          filter: chosen,
          createdAt: store.now(),
        }),
      }),
  };
};

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html */
function matches(
  shard: Shard,
  chosen: Filter | null | undefined,
  times: { horizon: number; createdAt: number },
): boolean {
  const closedAt = shard.closed?.at ?? Infinity;
  const openedAt = Math.floor(shard.opened / 1000);
  switch (chosen?.Type) {
    case undefined:
    case 'FROM_TRIM_HORIZON':
      return closedAt >= times.horizon;
    case 'AFTER_SHARD_ID':
      return shard.index > (shardIndex(required(chosen.ShardId, 'ShardId', chosen.Type)) ?? -1);
    case 'AT_LATEST':
      return isOpen(shard);
    case 'AT_TRIM_HORIZON': {
      const time = Math.max(times.horizon, times.createdAt);
      return openedAt <= time && closedAt >= time;
    }
    case 'AT_TIMESTAMP': {
      const time = required(chosen.Timestamp, 'Timestamp', chosen.Type) * 1000;
      return openedAt <= time && closedAt >= time;
    }
    case 'FROM_TIMESTAMP':
      return closedAt >= required(chosen.Timestamp, 'Timestamp', chosen.Type) * 1000;
  }
}

function required<T>(value: T | null | undefined, field: string, type: string): T {
  if (value !== null && value !== undefined) return value;
  throw invalidArgument(`${field} must be specified when the type of the ShardFilter is ${type}.`);
}

const writeToken = (token: z.output<typeof Token>): string => Buffer.from(JSON.stringify(token)).toString('base64');

function readToken(text: string, now: number): z.output<typeof Token> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    value = undefined;
  }
  const parsed = Token.safeParse(value);
  if (!parsed.success) throw invalidArgument('NextToken is invalid.');
  if (now - parsed.data.createdAt > TOKEN_MS) {
    throw new ServiceError('ExpiredNextTokenException', 'The NextToken has expired. Start the listing again.');
  }
  return parsed.data;
}
