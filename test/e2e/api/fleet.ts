import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, CreateApiKeyCommand, CreateUsagePlanKeyCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import type { ApiKey } from '#core/keys/key.ts';
import { FleetApp } from '#lib/fleet-app.ts';
import type { SimulatedClaudeOptions } from '@agent-fleet/simulated-claude';
import { startSimulatedClaude } from '@agent-fleet/simulated-claude';
import { startLocalCloud, type CloudEvent, type LocalCloud } from '@agent-fleet/local-cloud';
import { ParrotStack, type ParrotSystem } from '../../systems/parrot/stack.ts';

const RULE = join(import.meta.dirname, '../../systems/parrot/parrot.rule.ts');

export interface ApiFleetOptions {
  /** `-c` options beside those of dev. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly claude?: Partial<SimulatedClaudeOptions>;
  readonly onEvent?: (event: CloudEvent) => void;
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The fields of all answers that the tests look at; what is there, the schemas say. */
interface Body {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly output?: { readonly text: string };
  readonly items: readonly { readonly status: number; readonly task: { readonly id: string } }[];
  readonly tasks: readonly { readonly id: string; readonly status: string }[];
}

/** A fleet with the parrot and the task API, on the local cloud. */
export async function startApiFleet({ context = {}, claude: claudeOptions = {}, onEvent }: ApiFleetOptions = {}) {
  const home = mkdtempSync(join(tmpdir(), 'fleet-api-'));
  const claude = await startSimulatedClaude({ rules: [RULE], ...claudeOptions, dataDir: home });
  const start = (assembly: string, apiPort: number): Promise<LocalCloud> =>
    startLocalCloud({
      assembly,
      dataDir: join(home, 'cloud'),
      port: 0,
      apiPort,
      secrets: { 'model-api-key': 'simulated' },
      environment: { POWERTOOLS_TRACE_ENABLED: 'false', ANTHROPIC_BASE_URL: claude.url },
      ...(onEvent && { onEvent }),
    });
  let cloud = await start(synthesize(join(home, 'cdk.out'), ParrotStack, context), 0);
  const url = (cloud.apis[0]?.url ?? '').replace(/\/$/, '');
  return {
    get cloud() {
      return cloud;
    },
    claude,
    url,
    home,
    /** @param usagePlanId @default the API's own */
    makeKey: (given: Partial<ApiKey> = {}, usagePlanId = outputOf(cloud, 'api', 'UsagePlanId')) =>
      makeKey(cloud, given, usagePlanId),
    /** Calls the API as the bearer of a key. */
    as: (key: string) => caller(url, key),
    /** Prepares a deploy of another parrot; what it returns replaces all that runs: functions, queues' mappings, API. */
    prepare(system: ParrotSystem) {
      const assembly = synthesize(mkdtempSync(join(home, 'cdk.out-')), system, context);
      return async (drainMs: number): Promise<void> => {
        await cloud.close({ drainMs });
        cloud = await start(assembly, Number(new URL(url).port));
      };
    },
    async [Symbol.asyncDispose]() {
      await cloud.close({ drainMs: 0 });
      await claude.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
export type ApiFleet = Awaited<ReturnType<typeof startApiFleet>>;

/** Writes the cloud assembly of dev with one parrot; answers with its folder. */
function synthesize(outdir: string, system: ParrotSystem, context: Readonly<Record<string, unknown>>): string {
  const app = new FleetApp({ outdir, builtinCloudFormationValidation: false, context: { env: 'dev', ...context } });
  app.add(system);
  app.synth();
  return outdir;
}

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
export const clientOf = ({ endpoint }: Pick<LocalCloud, 'endpoint'>) => ({
  endpoint,
  region: 'us-east-1',
  credentials,
});

export const outputOf = (cloud: LocalCloud, stack: string, name: string): string =>
  cloud.outputs[`fleet-dev-${stack}`]?.[name] ?? '';

/** A key as an operator makes one: in the table, and at API Gateway under its hash. */
async function makeKey(cloud: LocalCloud, given: Partial<ApiKey>, usagePlanId: string): Promise<string> {
  const key = `flk_${randomBytes(24).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  const client = new DynamoDBClient(clientOf(cloud));
  const keys = dynamodbKeyStore({ table: outputOf(cloud, 'platform', 'StateTable'), client });
  const all = { scopes: ['submit' as const, 'read' as const, 'operate' as const], agents: null, createdAt: Date.now() };
  await keys.create({ name: 'test', tenant: 'acme', ...all, ...given, hash });
  client.destroy();
  const gateway = new APIGatewayClient(clientOf(cloud));
  const { id } = await gateway.send(new CreateApiKeyCommand({ name: hash.slice(0, 12), value: hash, enabled: true }));
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
  gateway.destroy();
  return key;
}

function caller(url: string, key: string) {
  return async (route: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...json, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = (text === '' ? {} : JSON.parse(text)) as Body;
    return { status: response.status, headers: response.headers, body: parsed };
  };
}
export type Call = ReturnType<typeof caller>;
