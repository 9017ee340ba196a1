import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { localClient } from '../../fleet/connection.ts';
import { readHeld } from '../homes.ts';
import { readRegion } from '../network.ts';
import type { RunningGlobal } from '../registry.ts';
import type { Observation } from './history.ts';
import { memoryMiB } from './memory.ts';

/** What a demo notes beside the callers' books. */
export interface Watched {
  readonly observations: readonly Observation[];
  /** The worst of all regions before a moment: later, what a fault held back is in it. */
  readonly lagMsP99Before: (at: number) => number | null;
  /** Of all regions together. A region's own count ends with its process. */
  readonly conflicts: number;
  /** The most MiB that the regions and this process took together. Null where the system does not say. */
  readonly peakMemoryMiB: number | null;
}

const EVERY_MS = 1_000;

/**
 * Notes each second what each region believes to hold, and how its replication is, until the signal. A region that does not
 * answer says nothing.
 */
export function watchRegions(
  running: () => RunningGlobal,
  signal: AbortSignal,
): { readonly watched: () => Watched; readonly done: Promise<void> } {
  const observations: Observation[] = [];
  const lags: { readonly at: number; readonly ms: number }[] = [];
  /** By process: its newest count. */
  const conflicts = new Map<number, number>();
  const clients = new Map<string, DynamoDBClient>();
  let peakMemoryMiB: number | null = null;
  const look = async (): Promise<void> => {
    const fleet = running();
    const memory = memoryMiB([process.pid, ...fleet.regions.flatMap(({ pid }) => pid ?? [])]);
    if (memory !== null) peakMemoryMiB = Math.max(peakMemoryMiB ?? 0, Math.round(memory));
    const homes = fleet.regions.map(({ name }) => name);
    await Promise.allSettled(
      fleet.regions.map(async (region) => {
        if (region.pid === null) return;
        const client =
          clients.get(region.region) ??
          new DynamoDBClient({ ...localClient(region.endpoint, region.region), maxAttempts: 1 });
        clients.set(region.region, client);
        const held = await readHeld({ client, table: `${fleet.prefix}-homes` }, homes);
        const at = Date.now();
        for (const { home, epoch, until } of held) observations.push({ at, region: region.name, home, epoch, until });
        const { replication } = await readRegion(region, fleet.secret);
        if (replication.lagMsP99 !== null) lags.push({ at, ms: replication.lagMsP99 });
        conflicts.set(region.pid, replication.conflicts);
      }),
    );
  };
  const watching = async (): Promise<void> => {
    while (!signal.aborted) {
      await look();
      await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    for (const client of clients.values()) client.destroy();
  };
  return {
    watched: () => ({
      observations,
      lagMsP99Before: (before) => worst(lags.filter(({ at }) => at < before).map(({ ms }) => ms)),
      conflicts: [...conflicts.values()].reduce((sum, count) => sum + count, 0),
      peakMemoryMiB,
    }),
    done: watching(),
  };
}

const worst = (lags: readonly number[]): number | null => (lags.length === 0 ? null : Math.max(...lags));
