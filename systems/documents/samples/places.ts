import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DATE_STYLES } from './dates.ts';

const Place = z.object({
  name: z.string(),
  region: z.string(),
  /** How a governing-law clause may name this place's law. */
  laws: z.array(z.string()).nonempty(),
  courts: z.string(),
  cities: z.array(z.string()).nonempty(),
});
export type Place = z.infer<typeof Place>;

const Region = z.object({
  first: z.array(z.string()),
  second: z.array(z.string()),
  /** Ending of the name, and what the law calls such a company. */
  forms: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
  streets: z.array(z.string()),
  currencies: z.array(z.string()),
  paper: z.enum(['A4', 'LETTER']),
  dates: z.array(z.enum(DATE_STYLES)),
});
export type Region = z.infer<typeof Region>;

/** Jurisdictions, with the wordings of their law. */
export const places: readonly Place[] = z.array(Place).parse(readData('places.json'));

/** Names, addresses and habits by region. */
export const regions: ReadonlyMap<string, Region> = new Map(
  Object.entries(z.record(z.string(), Region).parse(readData('regions.json'))),
);

/** Lists of words to fill in, by topic. */
export const words: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(z.record(z.string(), z.array(z.string()).nonempty()).parse(readData('words.json'))),
);

export function regionOf(place: Place): Region {
  const region = regions.get(place.region);
  if (region === undefined)
    throw new Error(`places.json: ${place.name} is in region "${place.region}", unknown to regions.json.`);
  return region;
}

function readData(file: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../data', file), 'utf8'));
}
