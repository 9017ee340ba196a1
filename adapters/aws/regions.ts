import { z } from 'zod';
import type { RegionIndex } from '#core/regions/epoch.ts';
import type { Homes } from '#core/regions/home.ts';
import { LEASE_TABLES } from '#core/regions/keeper.ts';

const schema = z
  .object({
    /** The name of the region that the process runs in. */
    here: z.string().min(1),
    /** The fleet's regions in the order of their indexes: the name in ids and keys, and AWS's name. */
    all: z.array(z.object({ name: z.string().regex(/^[a-z]{2,8}$/), region: z.string().min(1) })).length(LEASE_TABLES),
    /** Name of the table of homes, the same in each region. */
    homesTable: z.string().min(1),
    /**
     * Whether the process sends what belongs to a home of another region there, as the task API does. Workers work on homes
     * that their own region holds.
     */
    forwards: z.boolean().default(false),
  })
  .refine(({ here, all }) => all.some(({ name }) => name === here), 'names a region that is not one of all');

/** The regions of a global fleet, as one of its processes sees them. */
export type Regions = z.infer<typeof schema> & {
  readonly index: RegionIndex;
  /** Name of the state table, the same in each region. */
  readonly stateTable: string;
  readonly names: readonly [string, ...string[]];
};

/** Parses the environment variable `REGIONS`. Null in a fleet of one region, which does not have it. */
export function parseRegions(json: string | undefined, stateTable: string | undefined): Regions | null {
  if (json === undefined || stateTable === undefined) return null;
  const regions = schema.parse(JSON.parse(json));
  const names = regions.all.map(({ name }) => name) as [string, ...string[]];
  return { ...regions, stateTable, names, index: names.indexOf(regions.here) };
}

let known: Regions | null | undefined;

/** The regions of this process's fleet, from its environment. Null in a fleet of one region. */
export const regionsHere = (): Regions | null =>
  (known ??= parseRegions(process.env['REGIONS'], process.env['STATE_TABLE']));

/** The same, as the core needs them for the homes of what is new. Undefined in a fleet of one region. */
export function homesHere(): Homes | undefined {
  const regions = regionsHere();
  return regions ? { here: regions.index, names: regions.names } : undefined;
}

/** A home's name as keys of indexes carry it: none for the fleet's first region, whose ids have none either. */
export const nameInIndexes = ({ names }: Pick<Regions, 'names'>, home: RegionIndex): string =>
  home === 0 ? '' : (names[home] ?? '');
