import { createHash } from 'node:crypto';
import { CreateApiKeyCommand, CreateUsagePlanKeyCommand } from '@aws-sdk/client-api-gateway';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { newKeyText } from '#cli/keys/keeping.ts';
import { FleetClient } from '#client/index.ts';
import { scopeSchema } from '#core/api/http/caller.ts';
import { storedScopes } from '#core/keys/key.ts';
import { need } from './document.ts';
import type { Deployed } from './judges/ministack-judge.ts';

/** The deployed task API, and a key for it. */
export interface ApiAccess {
  readonly url: string;
  readonly key: string;
  /** Headers that the cloud needs besides the key. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Creates a key like `fleet keys create`: its hash is in the table and in API Gateway.
 * @param description of the key in API Gateway
 */
export async function accessApi(
  deployed: Omit<Deployed, 'resources'>,
  tenant: string,
  description?: string,
): Promise<ApiAccess> {
  const { cloud, clients, outputs, api } = deployed;
  const key = newKeyText();
  const hash = createHash('sha256').update(key).digest('hex');
  const table = { table: need(outputs, 'StateTable'), client: clients.dynamodb };
  const created = {
    hash,
    name: 'check',
    tenant,
    ...storedScopes(scopeSchema.options),
    agents: null,
    createdAt: Date.now(),
  };
  await dynamodbKeyStore(table).create(created);
  const gatewayKey = { name: hash.slice(0, 12), value: hash, enabled: true, description };
  const { id: keyId } = await clients.apigateway.send(new CreateApiKeyCommand(gatewayKey));
  const usagePlanId = need(api, 'UsagePlanId');
  await clients.apigateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  const url = new URL(need(api, 'ApiUrl'));
  if (cloud.endpoint === undefined) return { url: url.href, key, headers: {} };
  const stage = url.pathname.split('/').findLast((part) => part !== '') ?? '';
  return {
    url: `${cloud.endpoint}/_aws/execute-api/${need(api, 'ApiId')}/${stage}`,
    key,
    // MiniStack reads the API key only from this header, even if the API gets its key from the authorizer.
    headers: { 'x-api-key': hash },
  };
}

/** The fleet's own client, with the headers that the cloud needs. */
export function clientOf({ url, key, headers }: ApiAccess): FleetClient {
  const send: typeof fetch = (input, init) => {
    const all = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return fetch(input, { ...init, headers: all });
  };
  return new FleetClient({ url, key, fetch: send });
}
