import { createHash, randomBytes } from 'node:crypto';
import { CreateApiKeyCommand, CreateUsagePlanKeyCommand } from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import type { ApiKey } from '#core/keys/key.ts';
import { curlClient } from '../e2e/api/foreign/curl.ts';
import { ApiDocument } from '../support/api-document.ts';
import { drive, notDriven, type Driven } from '../e2e/api/foreign/drive.ts';
import { generateClient, generatedClient } from '../e2e/api/foreign/generated.ts';
import { seedWorld } from '../e2e/api/foreign/seed.ts';
import { need } from './document.ts';
import type { Findings } from './findings.ts';
import type { Deployed } from './judges/ministack-judge.ts';

const TENANT = 'check';

/**
 * Calls every operation of the deployed task API with independent clients, and checks each response against the API's own
 * OpenAPI document.
 * @param folder for the generated client
 */
export async function driveTaskApi(
  { cloud, clients, outputs, api }: Deployed,
  findings: Findings,
  folder: string,
): Promise<void> {
  const url = `${cloud.endpoint}/_aws/execute-api/${need(api, 'ApiId')}/${stageOf(need(api, 'ApiUrl'))}`;
  const table = { table: need(outputs, 'StateTable'), client: clients.dynamodb };
  const { key, hash } = await makeKey({ clients, api }, table);
  // MiniStack reads the API key only from this header, even if the API gets its key from the authorizer.
  const header = { 'x-api-key': hash };
  const client = curlClient(url, key, header);
  const readDocument = {
    id: '',
    method: 'get',
    path: '/openapi.json',
    pathParameters: [],
    parameters: [],
    takesQuery: false,
    takesBody: false,
    schema: null,
    status: 200,
  };
  const served = await client(readDocument, {});
  findings.expect('/openapi.json', served.status === 200, `${served.status}, served by the deployed function`);
  const described = z.record(z.string(), z.unknown()).parse(served.body);
  const document = new ApiDocument(described);
  const generated = await generateClient(described, url, folder);
  const clientsToDrive = { curl: client, 'a generated client': await generatedClient(generated, key, header) };
  for (const [name, each] of Object.entries(clientsToDrive)) {
    const world = await seedWorld(table, { tenant: TENANT, agent: 'assistant', name: name.replaceAll(' ', '-') });
    judge(findings, name, document, await drive(each, document, world));
  }
}

function judge(findings: Findings, client: string, document: ApiDocument, driven: readonly Driven[]): void {
  const faulty = driven.filter(({ faults }) => faults.length > 0);
  const missing = notDriven(document);
  const all = `${driven.length} calls of all ${document.operations.length} operations returned what the document says`;
  const some = `${faulty.length} of ${driven.length} calls differ from the document; not called: ${missing.join(', ') || 'none'}`;
  const whole = faulty.length + missing.length === 0;
  findings.expect(`task API by ${client}`, whole, whole ? all : some);
  for (const { operation, faults } of faulty) findings.expect(operation, false, faults.join('; ').slice(0, 300));
}

/** Returns the last segment of `https://….amazonaws.com/<stage>/`. */
const stageOf = (url: string): string => new URL(url).pathname.split('/').findLast((part) => part !== '') ?? '';

/** Creates a key like `fleet keys create`: its hash is in the table and in API Gateway. */
async function makeKey(
  { clients, api }: Pick<Deployed, 'clients' | 'api'>,
  table: Parameters<typeof dynamodbKeyStore>[0],
) {
  const key = `flk_${randomBytes(24).toString('base64url')}`;
  const hash = createHash('sha256').update(key).digest('hex');
  const scopes: ApiKey['scopes'] = ['submit', 'read', 'operate'];
  await dynamodbKeyStore(table).create({
    hash,
    name: 'check',
    tenant: TENANT,
    scopes,
    agents: null,
    createdAt: Date.now(),
  });
  const { id: keyId } = await clients.apigateway.send(
    new CreateApiKeyCommand({ name: 'check', value: hash, enabled: true }),
  );
  const usagePlanId = need(api, 'UsagePlanId');
  await clients.apigateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId, keyType: 'API_KEY' }));
  return { key, hash };
}
