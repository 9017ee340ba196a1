import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { plainMessage } from '#core/parse/plain-message.ts';
import { PROJECT } from '../fleet/paths.ts';
import { UserError, wrongUsage } from '../user-error.ts';

/** A region of a fleet: its name in ids and keys, and AWS's name. */
export interface RegionName {
  readonly name: string;
  readonly region: string;
}

/** A fleet's regions, in its own order: the first one's ids carry no name. */
export interface Topology {
  /** Begins the names of its stacks and tables. */
  readonly prefix: string;
  readonly regions: readonly [RegionName, ...RegionName[]];
}

/** A fleet's regions, and the name of its state table, which is the same in each. */
export interface ConfiguredTopology extends Topology {
  readonly stateTable: string;
}

const configSchema = z.looseObject({
  prefix: z.string(),
  regions: z.array(z.string()).min(1),
  homes: z.array(z.string()).optional(),
  stateTable: z.string().optional(),
});

/** Reads which regions an environment has, from `config/<environment>.json`. Throws a `UserError` if it has one only. */
export function readTopology(environment: string, project = PROJECT): ConfiguredTopology {
  const { prefix, regions, homes, stateTable = `${prefix}-state` } = readConfig(environment, project);
  const named = regions.map((region, index): RegionName => ({ region, name: homes?.[index] ?? nameOf(region) }));
  const [first, ...others] = named;
  if (first === undefined || others.length === 0)
    throw wrongUsage(
      `config/${environment}.json has one region only.`,
      `Name three in \`regions\`, as config/global.json does. Keys, limits and callbacks of a fleet of one region: --prefix ${prefix}.`,
    );
  return { prefix, stateTable, regions: [first, ...others] };
}

function readConfig(environment: string, project: string): z.output<typeof configSchema> {
  const file = join(project, 'config', `${environment}.json`);
  if (!existsSync(file))
    throw wrongUsage(`config/${environment}.json not found.`, 'Name an environment that has a file in config/.');
  const parsed = configSchema.safeParse(jsonIn(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue === undefined ? '' : ` ${issue.path.join('.')} ${plainMessage(issue)}.`;
  throw new UserError(
    `config/${environment}.json cannot be used.${field}`,
    `npx cdk synth --quiet -c env=${environment} names everything that is wrong with it.`,
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The region's short name, unless the configuration has another. */
const nameOf = (region: string): string => region.split('-')[0] ?? region;

/** The region with a name as people type it: `eu` or `eu-west-1`. Throws wrong usage. */
export function findRegion<Region extends RegionName>(regions: readonly Region[], typed: string): Region {
  const found = regions.find(({ name, region }) => name === typed || region === typed);
  if (found !== undefined) return found;
  throw wrongUsage(
    `Region "${typed}" not found.`,
    `Use one of ${regions.map(({ name, region }) => `${name} (${region})`).join(', ')}.`,
  );
}

/** The plain table of each region with leases, pledges and canaries. */
export const homesTable = ({ prefix }: Pick<Topology, 'prefix'>): string => `${prefix}-homes`;
