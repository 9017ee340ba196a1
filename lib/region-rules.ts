/** The fields of a configuration that concern regions. */
export interface RegionFields {
  readonly regions: readonly string[];
  readonly homes?: readonly string[] | undefined;
  readonly stateTable?: string | undefined;
  readonly domain?: object | undefined;
  readonly growing?: number | undefined;
  readonly kmsKeyArn?: string | undefined;
  readonly alarmTopicArn?: string | undefined;
  readonly alarmTopicArns: Readonly<Record<string, string | undefined>>;
}

/** A field that cannot be used. Its message follows the field's name. */
export interface RegionProblem {
  readonly path: string[];
  readonly input: unknown;
  readonly message: string;
}

/** Homes are leased by a majority of tables, one in each region. With two, neither could go on alone. */
export const FLEET_REGIONS = 3;

/** Stands for the region of each stack in ARNs. */
export const REGION_PLACEHOLDER = '{region}';

/** The name of a region in ids, unless the configuration names it: the part before the first dash. */
export const usualHome = (region: string): string => region.split('-')[0] ?? region;

/** What is wrong with the regions of a configuration, and with what depends on them. */
export const regionProblems = (fields: RegionFields): readonly RegionProblem[] => [
  ...problemsOfRegions(fields),
  ...problemsOfHomes(fields),
  ...problemsOfOne(fields),
  ...problemsOfArns(fields),
];

function problemsOfRegions({ regions }: RegionFields): readonly RegionProblem[] {
  const problem = (message: string) => [{ path: ['regions'], input: regions, message }];
  if (new Set(regions).size < regions.length) return problem('must not name a region twice');
  if (regions.length === 1 || regions.length === FLEET_REGIONS) return [];
  return problem(
    `must name one region or ${FLEET_REGIONS}, and names ${regions.length}. Homes are held by a majority of ${FLEET_REGIONS} tables. For fleets that share nothing, make a file in config/ with a prefix of its own for each region`,
  );
}

function problemsOfHomes({ regions, homes }: RegionFields): readonly RegionProblem[] {
  if (new Set(regions).size !== FLEET_REGIONS || regions.length !== FLEET_REGIONS) return [];
  const problem = (message: string) => [{ path: ['homes'], input: homes, message }];
  if (homes !== undefined && homes.length !== regions.length)
    return problem(`must name each of the ${regions.length} regions, in their order`);
  const names = homes ?? regions.map(usualHome);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return [];
  if (homes !== undefined) return problem(`must not name ${twice} twice`);
  return problem(
    `is required, since two of the regions would be called ${twice}: a name for each, such as ["${twice}", "${twice}b", …]`,
  );
}

/** Fields that a fleet of one region would ignore. */
function problemsOfOne({ regions, ...fields }: RegionFields): readonly RegionProblem[] {
  if (regions.length !== 1) return [];
  return (['homes', 'stateTable', 'domain', 'growing'] as const)
    .filter((field) => fields[field] !== undefined)
    .map((field) => ({
      path: [field],
      input: fields[field],
      message: `is for a fleet of ${FLEET_REGIONS} regions: remove it, or name ${FLEET_REGIONS} regions`,
    }));
}

/** Keys and topics lie in one region each. */
function problemsOfArns({ regions, kmsKeyArn, ...fields }: RegionFields): readonly RegionProblem[] {
  const topics = Object.entries(fields.alarmTopicArns).map(([severity, arn]) => [['alarmTopicArns', severity], arn]);
  const all = [[['kmsKeyArn'], kmsKeyArn], [['alarmTopicArn'], fields.alarmTopicArn], ...topics] as [
    string[],
    string | undefined,
  ][];
  const misplaced = all.flatMap(([path, input]) => {
    const region = input?.split(':')[3];
    if (region === undefined || region === REGION_PLACEHOLDER || regions.every((other) => other === region)) return [];
    const remedy =
      regions.length > 1 ? `. Write ${REGION_PLACEHOLDER} in place of ${region}, and have one in each` : '';
    return [{ path, input, message: `lies in ${region}, but the environment has ${regions.join(', ')}${remedy}` }];
  });
  if (misplaced.length > 0 || kmsKeyArn === undefined || regions.length === 1) return misplaced;
  if (kmsKeyArn.includes(':key/mrk-')) return [];
  const message = `must be a multi-Region key with a replica in each region: arn:aws:kms:${REGION_PLACEHOLDER}:ACCOUNT:key/mrk-…`;
  return [{ path: ['kmsKeyArn'], input: kmsKeyArn, message }];
}
