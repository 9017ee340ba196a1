import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ensureFolder, FLEET_HOME } from '#cli/fleet/paths.ts';
import { readTemplates } from '#lib/diff/read-templates.ts';
import { wavesOf, type Wave } from '#lib/rollout/waves.ts';
import { Cdk } from './cdk.ts';
import { clientsFor } from './clients.ts';
import type { Findings } from './findings.ts';
import { installMiniStack } from './ministack/install.ts';
import { startMiniStack, type MiniStack } from './ministack/ministack.ts';
import { resourcesOf, type DeployedResource } from './stack-resources.ts';
import { leaveOutRefused, REFUSED } from './without-refused.ts';

const PREFIX = 'fleet-global';
/** One system is enough: all others are deployed by the check of one region. */
const CONTEXT = { env: 'global', systems: 'assistant' };

/**
 * Deploys two regions of a fleet of three to MiniStack, one after the other as `deploy:regions` does, and checks what of
 * them can be checked there: MiniStack has separate regions, but makes no replicas by CloudFormation, and no CloudFront.
 */
export async function checkRegions(findings: Findings, signal: AbortSignal): Promise<void> {
  const folder = ensureFolder(join(FLEET_HOME, 'check-deploy', randomUUID().slice(0, 8)));
  let cloud: MiniStack | undefined;
  try {
    const programs = await findings.phase('install MiniStack', () => installMiniStack(signal));
    const cdk = new Cdk(join(folder, 'cdk'), signal);
    const assembly = await findings.phase('synthesize three regions', () => cdk.synth('global', CONTEXT));
    leaveOutRefused(assembly);
    findings.notChecked(REFUSED, 'MiniStack refuses them, so they are not deployed');
    findings.notChecked('the third region, and what all have in common', 'MiniStack has no CloudFront');
    const home = ensureFolder(join(folder, 'cloud'));
    const started = await findings.phase('start MiniStack', () => startMiniStack({ programs, folder: home, signal }));
    cloud = started;
    for (const wave of wavesOf(assembly).slice(0, 2)) await deployWave(findings, cdk, assembly, started, wave);
  } finally {
    await cloud?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function deployWave(findings: Findings, cdk: Cdk, assembly: string, cloud: MiniStack, wave: Wave): Promise<void> {
  const { region, stacks } = wave;
  const there = { ...cloud, region };
  await findings.phase(`bootstrap ${region}`, () => cdk.bootstrap(there));
  await findings.phase(`deploy ${region}`, async () => {
    await cdk.deploy(assembly, there, stacks);
    const clients = clientsFor(there);
    const deployed = await resourcesOf(
      clients,
      stacks.map((id) => id.slice(0, -`-${region}`.length)),
    );
    expectWhole(findings, assembly, wave, deployed);
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: `${PREFIX}-homes` }));
    const indexes = Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).join(', ');
    findings.expect(`table of homes in ${region}`, indexes === 'accepted', `it has the index ${indexes}`);
    const keeper = deployed.find(({ LogicalResourceId: id }) =>
      id.startsWith('KeeperKeepFunction'),
    )?.PhysicalResourceId;
    const { Environment } = await clients.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: keeper }));
    const { REGIONS = '{}', STATE_TABLE: table } = Environment?.Variables ?? {};
    const isHere = JSON.stringify(JSON.parse(REGIONS)).includes(`"region":"${region}"`);
    findings.expect(`keeper in ${region}`, isHere && table === `${PREFIX}-state`, `it has ${REGIONS} and ${table}`);
    clients.close();
  });
  findings.notChecked(`replica in ${region}`, 'MiniStack ignores replicas that CloudFormation makes');
}

/** Every resource of the templates was created. */
function expectWhole(
  findings: Findings,
  assembly: string,
  { region, stacks }: Wave,
  deployed: readonly DeployedResource[],
) {
  const templates = readTemplates(assembly);
  const created = new Set(
    deployed
      .filter(({ ResourceStatus }) => ResourceStatus.endsWith('_COMPLETE'))
      .map(({ stack, LogicalResourceId }) => `${stack}-${region}/${LogicalResourceId}`),
  );
  const expected = stacks.flatMap((id) =>
    Object.keys(templates.get(id)?.Resources ?? {}).map((each) => `${id}/${each}`),
  );
  const missing = expected.filter((each) => !created.has(each));
  const detail =
    missing.length === 0 ? `all ${expected.length} resources exist` : `missing: ${missing.slice(0, 10).join(', ')}`;
  findings.expect(`stacks of ${region}`, missing.length === 0 && expected.length > 0, detail);
}
