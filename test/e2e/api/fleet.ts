import { createHash, randomBytes } from 'node:crypto';
import { APIGatewayClient, CreateApiKeyCommand, CreateUsagePlanKeyCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { scopeSchema } from '#core/api/http/caller.ts';
import { storedScopes, type ApiKey } from '#core/keys/key.ts';
import { startLocalFleet, type LocalFleet, type LocalFleetOptions } from '../support/local-fleet.ts';

/** A response of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** The fields of responses that the tests read. The schemas define which are present. */
interface Body {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly output?: { readonly text: string };
  readonly items: readonly { readonly status: number; readonly task: { readonly id: string } }[];
  readonly tasks: readonly { readonly id: string; readonly status: string }[];
}

/** A fleet with the task API, on the local cloud. */
export async function startApiFleet(options: Partial<LocalFleetOptions> = {}) {
  const fleet = await startLocalFleet({ stacks: ['parrot'], ...options });
  return Object.assign(fleet, {
    /** @param usagePlanId @default the API's own */
    makeKey: (given: Partial<ApiKey> = {}, usagePlanId = fleet.output('api', 'UsagePlanId')) =>
      makeKey(fleet, given, usagePlanId),
    /** Calls the API with a key. */
    as: (key: string) => caller(fleet.url, key),
  });
}
export type ApiFleet = Awaited<ReturnType<typeof startApiFleet>>;

/** Creates a key as an operator does: in the table, and at API Gateway under its hash. */
async function makeKey(fleet: LocalFleet, given: Partial<ApiKey>, usagePlanId: string): Promise<string> {
  const key = `flk_${randomBytes(24).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  const client = new DynamoDBClient(fleet.client);
  const keys = dynamodbKeyStore({ table: fleet.output('platform', 'StateTable'), client });
  const all = { ...storedScopes(scopeSchema.options), agents: null, createdAt: Date.now() };
  await keys.create({ name: 'test', tenant: 'acme', ...all, ...given, hash });
  client.destroy();
  const gateway = new APIGatewayClient(fleet.client);
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
