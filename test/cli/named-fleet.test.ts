import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { describe, expect, test } from 'vitest';
import { createLike } from '#cli/keys/revoke.ts';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';
import { awsStub } from '../docs/support/aws-stub.ts';
import { isRemovedCommand } from '../support/examples.ts';
import { FleetProgram } from './support/fleet-program.ts';

/** Commands that do not use the task API act on the fleet that the environment names, or refuse. */
const FLEET_URL = 'https://fleet.example/v1';

const COMMANDS = [
  ['limits acme --day-usd 1', '--prefix or FLEET_PREFIX'],
  ['keys list', '--table and --usage-plan'],
  ['keys create --name ci', '--prefix or FLEET_PREFIX'],
  ['keys revoke key-0123456789ab', '--prefix or FLEET_PREFIX'],
  ['schedules list', '--prefix or FLEET_PREFIX'],
  ['schedules run-now nightly', '--prefix or FLEET_PREFIX'],
  ['schedules pause nightly', '--prefix or FLEET_PREFIX'],
  ['callbacks wake', '--table and --queue'],
  ['audit verify --all', '--bucket and --table'],
  ['rules list', '--table'],
  ['alerts list', '--table'],
  ['market rejected', '--bucket'],
] as const;

test.each(COMMANDS.filter(([command]) => !isRemovedCommand(command)))(
  'fleet %s does not act on this machine for a fleet that FLEET_URL names',
  async (command, remedy) => {
    const { code, stdout, stderr } = await new FleetProgram(temporaryFolder()).run(command.split(' '), { FLEET_URL });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`FLEET_URL names the fleet at ${FLEET_URL}`);
    expect(stderr).toContain(remedy);
    expect(stderr).toContain('unset FLEET_URL');
  },
);

describe('FLEET_PREFIX', () => {
  const run = async (command: string, stacks: Parameters<typeof awsStub>[0]) => {
    const [cloudformation, dynamodb] = [
      await awsStub(stacks),
      await stubApi((response) => sendJson(response, 200, {})),
    ];
    const env = {
      FLEET_URL,
      FLEET_PREFIX: 'fleet-prod',
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudformation.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 's',
    };
    const ran = await new FleetProgram(temporaryFolder()).run(command.split(' '), env);
    const tables = dynamodb.requests.map(({ body }) => (JSON.parse(body) as { TableName: string }).TableName);
    return { ...ran, tables: new Set(tables) };
  };

  test('names the stacks whose outputs say where the keys and limits are', async () => {
    const { code, tables } = await run('limits acme', {
      'fleet-prod-platform': { StateTable: 'prod-state' },
      'fleet-prod-api': { UsagePlanId: 'plan1' },
    });
    expect({ code, tables }).toEqual({ code: 0, tables: new Set(['prod-state']) });
  });

  test('of a stack without the output is refused with what to check', async () => {
    const { code, stderr, tables } = await run('limits acme', { 'fleet-prod-platform': {} });
    expect({ code, tables }).toEqual({ code: 1, tables: new Set() });
    expect(stderr).toContain('The stack fleet-prod-platform has no output StateTable.');
  });
});

describe('the key that takes the place of a revoked one', () => {
  const key = { hash: 'ab'.repeat(32), name: "Ada's shop", tenant: 'acme', agents: ['assistant'], createdAt: 0 };

  test('has its tenant, scopes and agents, in the same fleet', () => {
    const old = { ...key, scopes: ['submit' as const, 'operate' as const], fleetWide: true as const };
    expect(createLike(old, { prefix: 'fleet-prod' }, 0)).toBe(
      String.raw`npm run fleet -- keys create --name 'Ada'\''s shop' --tenant acme --scopes 'submit,operate,fleet' --agents assistant --prefix fleet-prod`,
    );
  });

  test('expires when it would have', () => {
    const old = { ...key, scopes: ['read' as const], agents: null, validUntil: 86_400_000 * 2.5 };
    expect(createLike(old, {}, 0)).toContain(' --scopes read --days 3');
    expect(createLike(old, {}, 86_400_000 * 3)).not.toContain('--days');
  });
});
