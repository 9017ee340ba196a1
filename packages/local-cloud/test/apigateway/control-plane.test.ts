import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  DeleteUsagePlanCommand,
  DeleteUsagePlanKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetRestApisCommand,
  GetStagesCommand,
  GetUsagePlanKeysCommand,
  GetUsagePlansCommand,
  paginateGetApiKeys,
  UpdateApiKeyCommand,
  UpdateUsagePlanCommand,
} from '@aws-sdk/client-api-gateway';
import { expect, onTestFinished, test } from 'vitest';
import { CREDENTIALS, startFixture } from '../../testing/cloud.ts';
import { apiFixture } from './support.ts';

const fixture = apiFixture({ methods: { 'GET /tasks': { ApiKeyRequired: true } } });
const VALUE = 'k'.repeat(64);

async function start(options: { root?: string } = {}) {
  const cloud = await startFixture(fixture, { apiPort: 0, ...options });
  const { endpoint } = cloud;
  const client = new APIGatewayClient({ endpoint, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1 });
  const call = async (key: string) => {
    const response = await fetch(`${cloud.apis[0]?.url}/tasks`, { headers: { 'x-api-key': key } });
    await response.text();
    return response.status;
  };
  return { cloud, client, call, apiStages: [{ apiId: cloud.apis[0]?.id ?? '', stage: 'v1' }] };
}

test('a new key opens the API while it is enabled and in a plan', async () => {
  const { cloud, client, call, apiStages } = await start();
  await using _ = cloud;
  const key = await client.send(new CreateApiKeyCommand({ name: 'acme', value: VALUE, enabled: true }));
  expect(key).toMatchObject({ name: 'acme', value: VALUE, enabled: true });
  expect(key.createdDate).toBeInstanceOf(Date);
  expect(await call(VALUE)).toBe(403);
  const plan = await client.send(new CreateUsagePlanCommand({ name: 'plan', apiStages }));
  const member = { usagePlanId: plan.id, keyId: key.id };
  await client.send(new CreateUsagePlanKeyCommand({ ...member, keyType: 'API_KEY' }));
  expect(await call(VALUE)).toBe(200);
  expect((await client.send(new GetUsagePlanKeysCommand({ usagePlanId: plan.id }))).items).toEqual([
    { id: key.id, name: 'acme', type: 'API_KEY', value: VALUE },
  ]);

  const enabled = (value: string) =>
    client.send(
      new UpdateApiKeyCommand({ apiKey: key.id, patchOperations: [{ op: 'replace', path: '/enabled', value }] }),
    );
  expect((await enabled('false')).enabled).toBe(false);
  expect(await call(VALUE)).toBe(403);
  await enabled('true');
  expect(await call(VALUE)).toBe(200);
  await client.send(new DeleteUsagePlanKeyCommand(member));
  expect(await call(VALUE)).toBe(403);
  await client.send(new DeleteApiKeyCommand({ apiKey: key.id }));
  await expect(client.send(new GetApiKeyCommand({ apiKey: key.id }))).rejects.toMatchObject({
    name: 'NotFoundException',
    $metadata: { httpStatusCode: 404 },
  });
  await client.send(new DeleteUsagePlanCommand({ usagePlanId: plan.id }));
  expect((await client.send(new GetUsagePlansCommand({}))).items).toEqual([]);
});

test('lists keys by name in pages, with values only on request', async () => {
  const { cloud, client } = await start();
  await using _ = cloud;
  for (const name of ['a-1', 'a-2', 'a-3', 'b-1']) await client.send(new CreateApiKeyCommand({ name }));
  const names: (string | undefined)[] = [];
  for await (const page of paginateGetApiKeys({ client, pageSize: 2 }, { nameQuery: 'a-' })) {
    expect(page.items?.length).toBeLessThanOrEqual(2);
    names.push(...(page.items ?? []).map(({ name }) => name));
  }
  expect(names).toEqual(['a-1', 'a-2', 'a-3']);
  const [plain] = (await client.send(new GetApiKeysCommand({ nameQuery: 'b-1' }))).items ?? [];
  expect(plain?.value).toBeUndefined();
  const [open] = (await client.send(new GetApiKeysCommand({ nameQuery: 'b-1', includeValues: true }))).items ?? [];
  expect(open?.value).toMatch(/^[a-z0-9]{40}$/);
});

test('rejects a duplicate key value and one with fewer than twenty characters', async () => {
  const { cloud, client } = await start();
  await using _ = cloud;
  await client.send(new CreateApiKeyCommand({ value: VALUE }));
  await expect(client.send(new CreateApiKeyCommand({ value: VALUE }))).rejects.toMatchObject({
    name: 'ConflictException',
  });
  await expect(client.send(new CreateApiKeyCommand({ value: 'short' }))).rejects.toMatchObject({
    name: 'BadRequestException',
  });
});

test('keeps keys and plans through a restart', async () => {
  const root = mkdtempSync(join(tmpdir(), 'fleet-api-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  {
    const { cloud, client, apiStages } = await start({ root });
    await using _ = cloud;
    const key = await client.send(new CreateApiKeyCommand({ value: VALUE, enabled: true }));
    const plan = await client.send(new CreateUsagePlanCommand({ name: 'plan', apiStages }));
    await client.send(new CreateUsagePlanKeyCommand({ usagePlanId: plan.id, keyId: key.id, keyType: 'API_KEY' }));
  }
  const { cloud, call } = await start({ root });
  await using _ = cloud;
  expect(await call(VALUE)).toBe(200);
});

test('changes plans by patches', async () => {
  const { cloud, client, apiStages } = await start();
  await using _ = cloud;
  const plan = await client.send(new CreateUsagePlanCommand({ name: 'plan' }));
  const patchOperations = [
    { op: 'replace' as const, path: '/throttle/rateLimit', value: '5' },
    { op: 'replace' as const, path: '/throttle/burstLimit', value: '7' },
    { op: 'replace' as const, path: '/quota/limit', value: '100' },
    { op: 'replace' as const, path: '/quota/period', value: 'WEEK' },
    { op: 'add' as const, path: '/apiStages', value: `${apiStages[0]?.apiId}:v1` },
  ];
  const changed = await client.send(new UpdateUsagePlanCommand({ usagePlanId: plan.id, patchOperations }));
  expect(changed).toMatchObject({
    throttle: { rateLimit: 5, burstLimit: 7 },
    quota: { limit: 100, period: 'WEEK', offset: 0 },
    apiStages: [{ apiId: apiStages[0]?.apiId, stage: 'v1' }],
  });
});

test('lists APIs and their stages', async () => {
  const { cloud, client } = await start();
  await using _ = cloud;
  const { items } = await client.send(new GetRestApisCommand({}));
  expect(items).toMatchObject([{ id: cloud.apis[0]?.id, name: 'fixture', apiKeySource: 'HEADER' }]);
  const { item } = await client.send(new GetStagesCommand({ restApiId: cloud.apis[0]?.id }));
  expect(item).toMatchObject([{ stageName: 'v1' }]);
});
