import { BatchGetItemCommand, PutItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { HomeLost } from '#core/regions/homed-tasks.ts';
import type { Regions } from '../../aws/regions.ts';
import { unlessConditionFails, type Item } from '../conditional-put.ts';
import { heldKey } from './homes-table.ts';
import type { RegionalClients } from './regional-clients.ts';

/** Where a home is held now, as far as a region's keeper has seen. */
export interface HomeHolder {
  /** The region that holds it. */
  readonly holder: RegionIndex;
  /** The epoch under which it is held. */
  readonly epoch: number;
}

/** What a region's keeper tells its processes of a home. */
export interface HeldHome extends HomeHolder {
  readonly home: RegionIndex;
  /** Until when the keeper's own region holds it, in milliseconds since the epoch. 0 if another region does. */
  readonly until: number;
}

/** Finds out which region holds a home. */
export interface HomeHolders {
  /** Null while no region holds it as far as is known here, or the one that does cannot be reached. */
  of(home: RegionIndex): Promise<HomeHolder | null>;
  /** The last known holder. Right after a write, it is the region that took the write. Null before the first is known. */
  lastOf(home: RegionIndex): RegionIndex | null;
  /** The homes that this region holds now. */
  heldHere(): Promise<readonly HeldHome[]>;
}

/**
 * How long what was read is used. A keeper extends what its region holds by 5 s at a time and for 27 s, so a process does
 * not believe that its region holds a home after the keeper stopped to.
 */
const KEPT_MS = 2_000;
/**
 * Requests wait for what another region says, and each that waits occupies an execution environment. A round trip takes a
 * quarter of a second. A region that does not answer in time once may only be busy: what it said before counts until it is
 * over. After the second time it holds nothing, and is not asked again for a while.
 */
const ANSWERS_WITHIN_MS = 800;
const NO_ANSWER_KEPT_MS = 5_000;
/** By how much clocks of one region's processes may differ. */
const CLOCKS_DIFFER_MS = 1_000;

/** What a region said of homes. */
interface Seen {
  /** Until when it need not be asked again, in milliseconds since the epoch. */
  readonly until: number;
  readonly homes: Promise<readonly HeldHome[]>;
  /** Whether it did not answer when it was last asked. */
  readonly failed: boolean;
}

export interface HomeHoldersOptions {
  readonly regions: Regions;
  readonly clients: RegionalClients;
  /** Milliseconds since the epoch. @default the system clock */
  readonly now?: () => number;
}

/** Reads what the keepers of the regions say. A region is believed only about what it holds itself. */
export function dynamodbHomeHolders({ regions, clients, now = Date.now }: HomeHoldersOptions): HomeHolders {
  const known = new Map<RegionIndex, Seen>();
  const last = new Map<RegionIndex, RegionIndex>();
  const readThere = async (region: RegionIndex, before: Seen | undefined): Promise<readonly HeldHome[]> => {
    try {
      return await readHeld(regions, clients, region, AbortSignal.timeout(ANSWERS_WITHIN_MS));
    } catch {
      const failedBefore = before?.failed ?? false;
      const homes = failedBefore ? Promise.resolve([]) : (before?.homes ?? Promise.resolve([]));
      known.set(region, { until: now() + (failedBefore ? NO_ANSWER_KEPT_MS : KEPT_MS), homes, failed: true });
      return homes;
    }
  };
  const seenBy = (region: RegionIndex): Promise<readonly HeldHome[]> => {
    const before = known.get(region);
    if (before && now() < before.until) return before.homes;
    const isHere = region === regions.index;
    const homes = isHere ? readHeld(regions, clients, region) : readThere(region, before);
    known.set(region, { until: now() + KEPT_MS, homes, failed: false });
    // A failed read here is not kept.
    homes.catch(() => known.delete(region));
    return homes;
  };
  const holds = (each: HeldHome, region: RegionIndex): boolean =>
    each.holder === region && each.until - CLOCKS_DIFFER_MS > now();
  const holderOf = async (home: RegionIndex): Promise<HomeHolder | null> => {
    const here = (await seenBy(regions.index)).find((each) => each.home === home);
    if (!here) return null;
    if (here.holder === regions.index) return holds(here, regions.index) ? here : null;
    const there = (await seenBy(here.holder)).find((each) => each.home === home);
    return there && holds(there, here.holder) ? there : null;
  };
  return {
    async of(home) {
      const held = await holderOf(home);
      if (held) last.set(home, held.holder);
      return held;
    },
    lastOf: (home) => last.get(home) ?? null,
    heldHere: async () => (await seenBy(regions.index)).filter((each) => holds(each, regions.index)),
  };
}

interface Seeing {
  readonly regions: Regions;
  readonly holders: HomeHolders;
}

/**
 * Where a home's items are written. Throws `HomeLost` while nobody holds it, or another region does and the process does not
 * forward. @param what what is to be written, for the error
 */
export async function holderToWrite(
  { regions, holders }: Seeing,
  home: RegionIndex,
  what: string,
): Promise<HomeHolder> {
  const held = await holders.of(home);
  if (!held || (held.holder !== regions.index && !regions.forwards)) throw new HomeLost(what);
  return held;
}

/**
 * Where a home's items are newest: with whoever holds it. A worker has no business with homes that its region does not hold,
 * so it reads its own replica, which may be old.
 */
export async function regionToRead({ regions, holders }: Seeing, home: RegionIndex): Promise<RegionIndex> {
  if (!regions.forwards) return regions.index;
  return (await holders.of(home))?.holder ?? regions.index;
}

const stored = z.object({
  pk: z.object({ S: z.string() }),
  epoch: z.object({ N: z.coerce.number().int() }),
  holder: z.object({ S: z.string() }),
  until: z.object({ N: z.coerce.number() }),
});

/** Reads what a region's keeper says of all homes, strongly consistent. */
export async function readHeld(
  { names, homesTable }: Regions,
  clients: RegionalClients,
  region: RegionIndex,
  signal?: AbortSignal,
): Promise<readonly HeldHome[]> {
  const Keys = names.map((name): Record<string, AttributeValue> => heldKey(name));
  const { Responses } = await clients(region).send(
    new BatchGetItemCommand({ RequestItems: { [homesTable]: { Keys, ConsistentRead: true } } }),
    { ...(signal && { abortSignal: signal }) },
  );
  return (Responses?.[homesTable] ?? []).map((item) => {
    const { pk, epoch, holder, until } = stored.parse(item);
    const home = names.indexOf(pk.S.slice('HELD#'.length));
    return { home, epoch: epoch.N, holder: names.indexOf(holder.S), until: until.N };
  });
}

/**
 * Tells the processes of the keeper's own region what it knows of a home. Knowledge of an older epoch changes nothing. Two
 * keepers of a region overlap, and what either was granted holds for the region, so the later end stays.
 */
export async function writeHeld(
  { names, homesTable, index }: Regions,
  clients: RegionalClients,
  { home, epoch, holder, until }: HeldHome,
): Promise<void> {
  const item: Item = {
    ...heldKey(names[home] ?? ''),
    epoch: { N: String(epoch) },
    holder: { S: names[holder] ?? '' },
    until: { N: String(until) },
  };
  const put = new PutItemCommand({
    TableName: homesTable,
    Item: item,
    ConditionExpression: 'attribute_not_exists(pk) OR epoch < :epoch OR (epoch = :epoch AND #until < :until)',
    ExpressionAttributeNames: { '#until': 'until' },
    ExpressionAttributeValues: { ':epoch': { N: String(epoch) }, ':until': { N: String(until) } },
  });
  await unlessConditionFails(clients(index).send(put));
}
