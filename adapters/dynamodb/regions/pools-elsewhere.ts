import type { PoolStore } from '#core/ports/pool-store.ts';
import { dynamodbPoolStore } from '../pool-store.ts';
import { HomedClient } from './homed-client.ts';
import { regionPartsHere, type RegionParts } from './region-parts.ts';

export interface PoolsElsewhereOptions {
  /** Name of the state table. */
  readonly table: string;
  /** The regions of a global fleet. @default those of the process */
  readonly parts?: RegionParts | null;
}

/** The pools of the fleet's other regions, by the regions' names. They are written there. Empty in a fleet of one region. */
export function poolsElsewhere({
  table,
  parts = regionPartsHere(),
}: PoolsElsewhereOptions): ReadonlyMap<string, PoolStore> {
  if (!parts) return new Map();
  const { regions, clients, holders } = parts;
  const others = [...regions.names.entries()].filter(([index]) => index !== regions.index);
  return new Map(
    others.map(([index, here]) => {
      const client = new HomedClient({ regions: { ...regions, index, here }, clients, holders });
      return [here, dynamodbPoolStore({ table, client })];
    }),
  );
}
