import { join, parse } from 'node:path';
import { REPORTS, SAMPLE, SEED, type ResearchOptions } from './options.ts';

/**
 * Where the brief of a night goes: a folder for each night, so that no night replaces another's. Lists, and samples other than
 * the default one, have theirs below a folder of their own, so that none replaces another's brief.
 */
export function nightFolder(options: ResearchOptions, night: string): string {
  const { out } = options;
  if (out !== undefined) return join(out, night);
  return join(REPORTS, whatIsResearched(options), night);
}

/** Never the form of a night, by which `research diff` finds briefs. Empty for the default sample. */
function whatIsResearched({ companies, sample = SAMPLE, seed }: ResearchOptions): string {
  if (companies !== undefined) return `list-${parse(companies).name}${seedWords(seed)}`;
  return sample === SAMPLE && seed === SEED ? '' : `sample-${sample}${seedWords(seed)}`;
}

const seedWords = (seed: number): string => (seed === SEED ? '' : `-seed-${seed}`);
