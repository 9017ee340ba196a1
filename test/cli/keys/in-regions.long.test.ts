import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APIGatewayClient, GetApiKeysCommand, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, type Fixture } from '@agent-fleet/local-cloud/testing/cloud';
import { TestRegions } from '@agent-fleet/local-cloud/testing/regions';
import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRegions, type Regions } from '#adapters/aws/regions.ts';
import { dynamodbCallbackStore } from '#adapters/dynamodb/callback-store.ts';
import { writeHeld } from '#adapters/dynamodb/regions/home-holders.ts';
import { regionParts } from '#adapters/dynamodb/regions/region-parts.ts';
import { readTopology } from '#cli/global/topology.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { createHomesTable } from '../../adapters/dynamodb/regions/three-regions.ts';
import { createStateTable } from '../../contract/local-services.ts';
import { freshId, sampleCallback } from '../../contract/samples.ts';
import { FleetProgram, type Ran } from '../support/fleet-program.ts';

/** `fleet keys`, `limits` and `callbacks wake` of the environment `global`, whose regions are local clouds here. */
const { regions: names, stateTable } = readTopology('global');
const HOMES = 'fleet-global-homes';
const [US, EU, AP] = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
const DAY_MS = 86_400_000;

const plan = { Plan: { Type: 'AWS::ApiGateway::UsagePlan', Properties: { UsagePlanName: 'Standard' } } };
const queue = { Callbacks: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'callbacks' } } };
const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = createStateTable(stateTable).input;
const State = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    TableName: stateTable,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions,
    KeySchema,
    GlobalSecondaryIndexes,
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    Replicas: names.map(({ region }) => ({ Region: region })),
  },
};
const fixtureOf = (region: string): Fixture => ({
  resources: { ...plan, ...queue, ...(region === US && { State }) },
  outputs: { Plan: { Value: { Ref: 'Plan' } }, Callbacks: { Value: { Ref: 'Callbacks' } } },
});

const clouds = new TestRegions(Object.fromEntries(names.map(({ region }) => [region, fixtureOf(region)])));
/** Says what the stacks of the region that a request is signed for have as outputs. */
const cloudFormation = createServer(({ headers }, response) => {
  const region = /\/\d{8}\/([a-z0-9-]+)\/cloudformation\//.exec(String(headers.authorization))?.[1] ?? '';
  const { Plan, Callbacks } = Object.values(clouds.clouds.get(region)?.outputs ?? {})[0] ?? {};
  const all = { UsagePlanId: Plan, CallbackQueueUrl: Callbacks, Regions: names.map((each) => each.region).join(', ') };
  const outputs = Object.entries(all).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const stack = `<StackName>any</StackName><CreationTime>2026-11-25T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>`;
  response
    .writeHead(200, { 'content-type': 'text/xml' })
    .end(
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}<Outputs>${outputs.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
});

beforeAll(async () => {
  await clouds.startAll();
  await clouds.withoutDelay();
  await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve));
  for (const { region } of names) await clientIn(region).send(createHomesTable(HOMES));
  for (const home of names.keys()) await hold(home, home, home);
});
afterAll(async () => {
  cloudFormation.close();
  await clouds[Symbol.asyncDispose]();
});

const clientIn = (region: string): DynamoDBClient =>
  new DynamoDBClient({
    region,
    endpoint: clouds.endpoints.get(region) ?? '',
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });

const regionsIn = (index: number): Regions => {
  const json = JSON.stringify({ here: names[index]?.name, all: names, homesTable: HOMES });
  return parseRegions(json, stateTable) as Regions;
};

/** The keepers of all regions that are up say who holds a home. */
async function hold(home: number, holder: number, epoch: number): Promise<void> {
  const clients = (index: number): DynamoDBClient => clientIn(names[index]?.region ?? '');
  for (const index of names.keys())
    await writeHeld(regionsIn(index), clients, {
      home,
      holder,
      epoch,
      until: index === holder ? Date.now() + DAY_MS : 0,
    });
}

/** Runs a command as an operator does, whose requests to all regions go through one cloud that passes them on. */
function run(command: string, options = '--env global'): Promise<Ran> {
  return new FleetProgram(temporaryFolder()).run([...command.split(' '), ...options.split(' ')], {
    AWS_ENDPOINT_URL: clouds.endpoints.get(US),
    AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}`,
    AWS_REGION: US,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  });
}

/** The keys that the API Gateway of a region has: names, whether they are enabled, and the names of their plans. */
async function gatewayKeys(region: string) {
  const endpoint = clouds.endpoints.get(region) ?? '';
  const client = new APIGatewayClient({ region, endpoint, credentials: CREDENTIALS });
  const { items = [] } = await client.send(new GetApiKeysCommand({ includeValues: true }));
  return Promise.all(
    items.map(async ({ id: keyId, name, value, enabled }) => {
      const { items: plans = [] } = await client.send(new GetUsagePlansCommand({ keyId }));
      return { name, value, enabled, plans: plans.map((each) => each.name) };
    }),
  );
}

const idsIn = async (region: string) => (await gatewayKeys(region)).map(({ name }) => name);

/** The sort keys of an item in a region's replica. */
async function sortKeys(region: string, prefix: string): Promise<readonly string[]> {
  const { Items = [] } = await clientIn(region).send(new ScanCommand({ TableName: stateTable }));
  return Items.filter(({ pk }) => pk?.S?.startsWith(prefix))
    .map(({ sk }) => sk?.S ?? '')
    .toSorted();
}

const created = async (command: string, options?: string): Promise<{ id: string; key: string; ran: Ran }> => {
  const ran = await run(`${command} --json`, options);
  return { ...(JSON.parse(ran.stdout) as { id: string; key: string }), ran };
};

describe('a key of a fleet of three regions', () => {
  it('is admitted in each region under one value, and revoked in each', async () => {
    const { id, ran } = await created('keys create --name ci --rate 5');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const all = await Promise.all([US, EU, AP].map(gatewayKeys));
    const [first] = all[0] ?? [];
    expect(first).toMatchObject({ name: id, enabled: true, plans: ['Standard-5-a-second'] });
    for (const keys of all) expect(keys).toEqual([first]);
    expect(await sortKeys(US, 'KEY#')).toEqual(['KEY']);
    expect(await run(`keys revoke ${id}`)).toMatchObject({ code: 0, stderr: '' });
    for (const region of [US, EU, AP]) expect(await gatewayKeys(region)).toMatchObject([{ enabled: false }]);
  });

  it('is written where the home is held, under its epoch', async () => {
    await expect.poll(() => sortKeys(EU, 'KEY#')).toEqual(['KEY']);
    await hold(0, 1, 17);
    const { id, ran } = await created('keys create --name after');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(await sortKeys(EU, 'KEY#')).toEqual(['KEY', 'KEY@17']);
    const { stdout } = await run('keys list --json');
    const { keys } = JSON.parse(stdout) as { keys: { id: string; revokedAt?: string }[] };
    expect(keys.map((key) => [key.id === id, key.revokedAt === undefined])).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(await run(`keys revoke ${id}`)).toMatchObject({ code: 0 });
    await hold(0, 0, 32);
  });

  it('is completed by `keys admit` in a region that was not reached', async () => {
    await clouds.clouds.get(AP)?.close({ drainMs: 0 });
    const { id, ran } = await created('keys create --name late --rate 5');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/Not done in ap \(.+\): the API Gateway does not know the key there\./);
    expect(ran.stderr).toContain(`npm run fleet -- keys admit ${id} --env global --rate 5`);
    await clouds.start(AP);
    await clouds.withoutDelay();
    expect(await idsIn(AP)).not.toContain(id);
    // Its rate is the one that it has elsewhere. Repeating it changes nothing.
    for (let times = 0; times < 2; times += 1) {
      expect(await run('keys admit')).toMatchObject({ code: 0, stderr: '', stdout: 'Admitted 1 key.\n' });
      const late = (await gatewayKeys(AP)).filter(({ name }) => name === id);
      expect(late).toMatchObject([{ enabled: true, plans: ['Standard-5-a-second'] }]);
    }
  });

  it('is not looked for by --prefix, which names the stacks of one region', async () => {
    const ran = await run('keys list', '--prefix fleet-global');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('Give --env NAME');
    expect(await run('callbacks wake', '--prefix fleet-global')).toMatchObject({ code: 2 });
    expect(await run('keys list --table x', '--env global')).toMatchObject({ code: 2 });
  });

  it('is not written while no region holds the home', async () => {
    // A later epoch, since within one the later end stays.
    const lapsed = { home: 0, holder: 0, epoch: 48, until: 0 };
    for (const index of names.keys())
      await writeHeld(regionsIn(index), () => clientIn(names[index]?.region ?? ''), lapsed);
    const ran = await run('keys create --name none');
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toContain('No region holds the home us at the moment');
    expect(ran.stderr).toContain('npm run fleet -- regions --env global');
    await hold(0, 0, 64);
  });
});

it('the limits of a tenant are written where the home is held', async () => {
  await hold(0, 2, 66);
  expect(await run('limits acme --day-usd 20 --concurrent 3')).toMatchObject({ code: 0, stderr: '' });
  expect(await sortKeys(AP, 'TENANT#acme')).toEqual(['LIMITS@66']);
  const { stdout } = await run('limits acme --json');
  expect(JSON.parse(stdout)).toEqual({ tenant: 'acme', dayUsd: 20, concurrent: 3 });
  await hold(0, 0, 80);
});

it('parked callbacks are sent by the region that holds their home, and by its queue', async () => {
  await hold(1, 2, 18);
  const parts = regionParts(regionsIn(2), (index) => clientIn(names[index]?.region ?? ''));
  const taskId = taskIdSchema.parse(`eu.${freshId()}`);
  const callback = { ...sampleCallback(), taskId };
  await dynamodbCallbackStore({ table: stateTable, parts }).park({ callback, attempts: 1, dueAt: Date.now() + DAY_MS });
  expect(await run('callbacks wake')).toMatchObject({ code: 0, stdout: 'Sent 1 parked callback.\n' });
  const { outputs, endpoint } = clouds.clouds.get(AP) ?? { outputs: {}, endpoint: '' };
  const QueueUrl = Object.values(outputs)[0]?.['Callbacks'];
  const sqs = new SQSClient({ region: AP, endpoint, credentials: CREDENTIALS });
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  expect(Messages.map(({ Body = '' }) => (JSON.parse(Body) as { taskId: string }).taskId)).toEqual([taskId]);
  expect(await run('callbacks wake')).toMatchObject({ code: 0, stdout: 'No callback is parked.\n' });
  await hold(1, 1, 33);
});
