import type { Config } from './config.ts';
import { REGION_PLACEHOLDER, usualHome } from './region-rules.ts';

/** A region of a fleet, and its name in the ids of tasks. */
export interface FleetRegion {
  readonly name: string;
  readonly region: string;
}

type Regions = Pick<Config, 'regions' | 'homes'>;

/** Whether three regions are one fleet. */
export const isGlobal = ({ regions }: Pick<Config, 'regions'>): boolean => regions.length > 1;

/**
 * Whether functions of a region ask who holds a home, by the variable `REGIONS`. While a fleet grows, those of its first
 * region do not: nobody can tell them before two tables of homes and a keeper exist.
 */
export const asksForHomes = (config: Pick<Config, 'regions' | 'growing'>, region: string): boolean =>
  isGlobal(config) && (config.growing === undefined || region !== config.regions[0]);

/** The regions of a fleet, in their order. */
export const fleetRegions = ({ regions, homes }: Regions): readonly FleetRegion[] =>
  regions.map((region, index) => ({ name: homes?.[index] ?? usualHome(region), region }));

/** The name of the state table of three regions, which is the same in each. */
export const stateTableName = ({ prefix, stateTable }: Pick<Config, 'prefix' | 'stateTable'>): string =>
  stateTable ?? `${prefix}-state`;

/** The name of the table of leases and pledges. Each region has one of its own. */
export const homesTableName = ({ prefix }: Pick<Config, 'prefix'>): string => `${prefix}-homes`;

/**
 * The environment variable `REGIONS`: where a function is, and where the others are.
 * @param forwards whether it may send what belongs to another region's home there
 */
export function regionsVariable(config: Regions & Pick<Config, 'prefix'>, region: string, forwards = false): string {
  const all = fleetRegions(config);
  const here = all.find((each) => each.region === region)?.name;
  return JSON.stringify({ here, all, homesTable: homesTableName(config), ...(forwards && { forwards }) });
}

/** An ARN that may have `{region}` in it, in one region. */
export const arnIn = (arn: string, region: string): string => arn.replace(REGION_PLACEHOLDER, region);

/** The configuration as the stacks of one region see it. */
export function configIn(config: Config, region: string): Config {
  const { kmsKeyArn, alarmTopicArn, alarmTopicArns, ...others } = config;
  const topics = Object.entries(alarmTopicArns).map(([severity, arn]) => [severity, arn && arnIn(arn, region)]);
  return {
    ...others,
    ...(kmsKeyArn !== undefined && { kmsKeyArn: arnIn(kmsKeyArn, region) }),
    ...(alarmTopicArn !== undefined && { alarmTopicArn: arnIn(alarmTopicArn, region) }),
    alarmTopicArns: Object.fromEntries(topics) as Config['alarmTopicArns'],
  };
}
