import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { DATE_STYLES } from './dates.ts';

const Place = z.object({
  name: z.string(),
  region: z.string(),
  /** The ways a governing-law clause can name this place's law. */
  laws: z.array(z.string()).nonempty(),
  courts: z.string(),
  cities: z.array(z.string()).nonempty(),
});
export type Place = z.infer<typeof Place>;

const Region = z.object({
  first: z.array(z.string()),
  second: z.array(z.string()),
  /** The ending of a company's name, and the legal name of that form. */
  forms: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
  streets: z.array(z.string()),
  currencies: z.array(z.string()),
  paper: z.enum(['A4', 'LETTER']),
  dates: z.array(z.enum(DATE_STYLES)),
});
export type Region = z.infer<typeof Region>;

/** Jurisdictions, and the ways to name their law. */
export const places: readonly Place[] = z.array(Place).parse(readData('places.json'));

/** Names, addresses and conventions by region. */
export const regions: ReadonlyMap<string, Region> = new Map(
  Object.entries(z.record(z.string(), Region).parse(readData('regions.json'))),
);

/** Words to fill in, by topic. */
export const words: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(z.record(z.string(), z.array(z.string()).nonempty()).parse(readData('words.json'))),
);

export function regionOf(place: Place): Region {
  const region = regions.get(place.region);
  if (region === undefined)
    throw new Error(`places.json: ${place.name} is in region "${place.region}", which regions.json does not have.`);
  return region;
}

/**
 * Returns the first jurisdiction that a text names, for example "Germany" for "the laws of the Federal Republic of
 * Germany" or "German law". Returns undefined if it names no known one.
 */
export function jurisdictionIn(text: string): string | undefined {
  const plain = ` ${plainText(text)} `;
  return ALIASES.map(({ name, alias }) => ({ name, alias, at: plain.indexOf(alias) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at || b.alias.length - a.alias.length)[0]?.name;
}

/** Normalizes a text for comparison: no case, accents, punctuation or line breaks. "&" becomes "and". */
export function plainText(text: string): string {
  const letters = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss').replaceAll('&', ' and ');
  return letters
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Every way to name a place or its law, surrounded by spaces so that only whole words match. */
const ALIASES = places.flatMap(({ name, laws }) => {
  const bare = laws.map((law) => law.replace(/^the (internal |substantive )?laws? of (the )?/, ''));
  return [...new Set([name, ...laws, ...bare])].map((alias) => ({ name, alias: ` ${plainText(alias)} ` }));
});

function readData(file: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../data', file), 'utf8'));
}
