import {
  ConflictException,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  GetApiKeysCommand,
  GetUsagePlanCommand,
  GetUsagePlansCommand,
  UpdateApiKeyCommand,
  type APIGatewayClient,
  type ApiKey,
} from '@aws-sdk/client-api-gateway';

interface Admission {
  /** The key's SHA-256: its value at API Gateway, which the authorizer returns. */
  readonly hash: string;
  /** The key's id, for finding it later. */
  readonly name: string;
  readonly usagePlan: string;
  /** Requests per second; undefined for the plan's rate. */
  readonly rate: number | undefined;
}

/** Creates the API Gateway key and adds it to its usage plan, unless that is already done. */
export async function admit(client: APIGatewayClient, { hash, name, usagePlan, rate }: Admission): Promise<void> {
  const keyId = (await find(client, name))?.id ?? (await create(client, hash, name));
  const usagePlanId = rate === undefined ? usagePlan : await planOfRate(client, usagePlan, rate);
  try {
    await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  } catch (error) {
    // It is already in the plan.
    if (!(error instanceof ConflictException)) throw error;
  }
}

/** Disables the API Gateway key. Unlike the authorizer's results, this is not cached for a minute. */
export async function dismiss(client: APIGatewayClient, name: string): Promise<boolean> {
  const apiKey = (await find(client, name))?.id;
  if (apiKey === undefined) return false;
  const patchOperations = [{ op: 'replace' as const, path: '/enabled', value: 'false' }];
  await client.send(new UpdateApiKeyCommand({ apiKey, patchOperations }));
  return true;
}

/**
 * The rate of a key that API Gateway has, in requests per second. Undefined for the rate of the standard plan, and for a key
 * that it does not have.
 */
export async function rateOf(client: APIGatewayClient, name: string, usagePlan: string): Promise<number | undefined> {
  const keyId = (await find(client, name))?.id;
  if (keyId === undefined) return undefined;
  const { items = [] } = await client.send(new GetUsagePlansCommand({ keyId }));
  return items.find(({ id }) => id !== usagePlan)?.throttle?.rateLimit;
}

async function find(client: APIGatewayClient, name: string): Promise<ApiKey | undefined> {
  const { items = [] } = await client.send(new GetApiKeysCommand({ nameQuery: name }));
  return items.find((item) => item.name === name);
}

async function create(client: APIGatewayClient, value: string, name: string): Promise<string | undefined> {
  const { id } = await client.send(new CreateApiKeyCommand({ name, value, enabled: true }));
  return id;
}

/** The usage plan for keys with this rate, created when the first key needs it. */
async function planOfRate(client: APIGatewayClient, standard: string, rate: number): Promise<string | undefined> {
  const { name: base = '', apiStages = [] } = await client.send(new GetUsagePlanCommand({ usagePlanId: standard }));
  const name = `${base}-${rate}-a-second`;
  let position: string | undefined;
  do {
    const page = await client.send(new GetUsagePlansCommand({ limit: 500, position }));
    const found = page.items?.find((plan) => plan.name === name);
    if (found) return found.id;
    position = page.position;
  } while (position !== undefined);
  const throttle = { rateLimit: rate, burstLimit: Math.ceil(rate * 2) };
  const { id } = await client.send(new CreateUsagePlanCommand({ name, apiStages, throttle }));
  return id;
}
