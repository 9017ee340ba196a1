import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { CANARY } from '#core/regions/canary.ts';
import { epochOfKey, regionOfEpoch } from '#core/regions/epoch.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { nameInIndexes } from '../../aws/regions.ts';
import { byAttention } from '../attention.ts';
import { unlessConditionFails, type Item } from '../conditional-put.ts';
import { attentionShards, callbackShards, economyShards, openBatchShard } from '../state-table.ts';
import type { HeldHome } from './home-holders.ts';
import type { RegionParts } from './region-parts.ts';
import { newestVersion, versionsOf } from './versions.ts';
import { withoutWriter } from './writer-of-key.ts';

export interface SupersededOptions extends Pick<RegionParts, 'regions' | 'clients'> {
  /** The names of all agents. */
  readonly agents: readonly string[];
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

/**
 * How long a superseded item is kept: until each region has the newest one, and so much shorter than that one is that
 * DynamoDB, which may delete an item days after its time, does not delete the newest one first.
 */
const KEPT_DAYS = 2;
const DAY_S = 86_400;
const AT_ONCE = 20;

/**
 * Takes what this region wrote under earlier epochs of a home out of the index that sweeps read, and gives it an expiry: tasks
 * that are done under a later epoch, callbacks that were sent and batches that were over under one. Only the region that wrote
 * an item may change it (G2), and nothing else is left to do with these, so a region that has not received the newest item yet
 * misses nothing. Returns their number.
 */
export async function tidySuperseded(
  options: SupersededOptions,
  { home, epoch }: Pick<HeldHome, 'home' | 'epoch'>,
): Promise<number> {
  const { regions, clients, agents } = options;
  const at = { client: clients(regions.index), table: regions.stateTable };
  const name = nameInIndexes(regions, home);
  const ofAgents = agents.flatMap((agent) =>
    agent === CANARY
      ? []
      : [...attentionShards(agent, name), ...economyShards(agent, name), openBatchShard(agent, name)],
  );
  const own: Item[] = [];
  for await (const item of byAttention(at, [...ofAgents, ...callbackShards(name)])) {
    const by = epochOfKey(item['sk']?.S ?? '');
    if (by < epoch && regionOfEpoch(by) === regions.index) own.push(item);
  }
  const tidied = await inParallel(own, (item) => tidy(options, item), AT_ONCE);
  return tidied.filter(Boolean).length;
}

async function tidy({ regions, clients, now = Date.now }: SupersededOptions, { pk, sk }: Item): Promise<boolean> {
  if (!pk?.S || !sk?.S) return false;
  const client = clients(regions.index);
  const plain = withoutWriter({ sk })['sk']?.S ?? '';
  const newest = newestVersion(await versionsOf(client, regions.stateTable, pk.S, plain));
  if (!newest || newest.epoch <= epochOfKey(sk.S) || !isDone(newest.item)) return false;
  const update = new UpdateItemCommand({
    TableName: regions.stateTable,
    Key: { pk, sk },
    UpdateExpression: 'SET expiresAt = :at REMOVE attentionShard, attentionAt',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':at': { N: String(Math.ceil(now() / 1_000) + KEPT_DAYS * DAY_S) } },
  });
  await unlessConditionFails(client.send(update));
  return true;
}

/** Whether nobody has to act on an item any more. A task that ended expires, but its end may still have to be announced. */
const isDone = ({ expiresAt, attentionShard }: Item): boolean =>
  expiresAt !== undefined && !/^(A|E|CALLBACKS|BATCH)#/.test(attentionShard?.S ?? '');
