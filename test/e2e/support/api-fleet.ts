import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, CreateApiKeyCommand, CreateUsagePlanKeyCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { KEY_PREFIX, type ApiKey } from '#core/keys/key.ts';
import { FleetApp } from '#lib/fleet-app.ts';
import { startSimulatedClaude, type SimulatedClaude } from '@agent-fleet/simulated-claude';
import { startLocalCloud, type LocalCloud } from '@agent-fleet/local-cloud';

export interface ApiFleet {
  /** Where the task API answers. */
  readonly url: string;
  /** Makes a key; without more words it may do everything, for the tenant `default`. */
  newKey(words?: Partial<Pick<ApiKey, 'tenant' | 'scopes' | 'agents'>>): Promise<string>;
  readonly cloud: LocalCloud;
  readonly claude: SimulatedClaude;
  close(): Promise<void>;
}

/** Some systems with their task API on the local cloud, answered by some rules: the stacks of dev. */
export async function apiFleet(addSystems: (app: FleetApp) => void, rules: readonly string[]): Promise<ApiFleet> {
  const outdir = mkdtempSync(join(tmpdir(), 'fleet-api-e2e-assembly-'));
  const app = new FleetApp({ outdir, builtinCloudFormationValidation: false, context: { env: 'dev' } });
  addSystems(app);
  app.synth();
  const fleet = await apiFleetOf(outdir, rules);
  return {
    ...fleet,
    async close() {
      await fleet.close();
      rmSync(outdir, { recursive: true, force: true });
    },
  };
}

/** The stacks of a cloud assembly, their task API with them, on the local cloud. */
export async function apiFleetOf(assembly: string, rules: readonly string[]): Promise<ApiFleet> {
  const home = mkdtempSync(join(tmpdir(), 'fleet-api-e2e-'));
  const claude = await startSimulatedClaude({ latency: { kind: 'fixed', ms: 0 }, rules: [...rules] });
  const cloud = await startLocalCloud({
    assembly,
    dataDir: join(home, 'cloud'),
    port: 0,
    secrets: { 'model-api-key': 'simulated' },
    environment: { POWERTOOLS_TRACE_ENABLED: 'false', ANTHROPIC_BASE_URL: claude.url },
  });
  const outputs: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(cloud.outputs)) as never;
  return {
    url: outputs['ApiUrl'] ?? '',
    cloud,
    claude,
    newKey: (words = {}) => newKey(cloud.endpoint, outputs, words),
    async close() {
      await cloud.close({ drainMs: 0 });
      await claude.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function newKey(
  endpoint: string,
  { StateTable: table = '', UsagePlanId: usagePlanId = '' }: Readonly<Record<string, string>>,
  words: Partial<Pick<ApiKey, 'tenant' | 'scopes' | 'agents'>>,
): Promise<string> {
  const options = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const key = `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  const all = { tenant: 'default', scopes: ['submit' as const, 'read' as const, 'operate' as const], agents: null };
  await dynamodbKeyStore({ table, client: new DynamoDBClient(options) }).create({
    hash,
    name: 'test',
    createdAt: Date.now(),
    ...all,
    ...words,
  });
  const gateway = new APIGatewayClient(options);
  const { id: keyId } = await gateway.send(new CreateApiKeyCommand({ name: hash, value: hash, enabled: true }));
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  return key;
}
