import { z } from 'zod';
import { curlClient } from '../e2e/api/foreign/curl.ts';
import { ApiDocument } from '../support/api-document.ts';
import { drive, notDriven, type Driven } from '../e2e/api/foreign/drive.ts';
import { generateClient, generatedClient } from '../e2e/api/foreign/generated.ts';
import { seedWorld } from '../e2e/api/foreign/seed.ts';
import { accessApi } from './api-access.ts';
import { need } from './document.ts';
import type { Findings } from './findings.ts';
import type { Deployed } from './judges/ministack-judge.ts';

const TENANT = 'check';

/** Operations that cannot succeed in MiniStack, with the reason. */
const NOT_SERVED: ReadonlyMap<string, string> = new Map([['getTaskTrace', 'MiniStack has no X-Ray']]);

/**
 * Calls every operation of the deployed task API with independent clients, and checks each response against the API's own
 * OpenAPI document.
 * @param folder for the generated client
 */
export async function driveTaskApi(deployed: Deployed, findings: Findings, folder: string): Promise<void> {
  const { url, key, headers } = await accessApi(deployed, TENANT);
  const table = { table: need(deployed.outputs, 'StateTable'), client: deployed.clients.dynamodb };
  const client = curlClient(url, key, headers);
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
  const unknown = await client({ ...readDocument, path: '/no-such-path', status: 404 }, {});
  const problem = z.object({ type: z.string() }).catch({ type: 'not a problem' }).parse(unknown.body);
  findings.expect(
    'unknown path',
    unknown.status === 404 && problem.type.endsWith(':not-found'),
    `${unknown.status} ${problem.type}, by a mock integration`,
  );
  const described = z.record(z.string(), z.unknown()).parse(served.body);
  const document = new ApiDocument(described);
  const generated = await generateClient(described, url, folder);
  const clientsToDrive = { curl: client, 'a generated client': await generatedClient(generated, key, headers) };
  for (const [name, each] of Object.entries(clientsToDrive)) {
    const world = await seedWorld(table, { tenant: TENANT, agent: 'assistant', name: name.replaceAll(' ', '-') });
    judge(findings, name, document, await drive(each, document, world));
  }
}

function judge(findings: Findings, client: string, document: ApiDocument, driven: readonly Driven[]): void {
  const [served, notServed] = [
    driven.filter(({ operation }) => !NOT_SERVED.has(operation)),
    driven.filter(({ operation }) => NOT_SERVED.has(operation)),
  ];
  for (const { operation, faults } of notServed) {
    if (faults.length > 0) findings.notChecked(operation, NOT_SERVED.get(operation) ?? '');
    else
      findings.expect(operation, false, 'succeeds there by now. Remove it from NOT_SERVED in test/deploy/task-api.ts');
  }
  const faulty = served.filter(({ faults }) => faults.length > 0);
  const missing = notDriven(document);
  const all = `${served.length} calls of all ${document.operations.length - NOT_SERVED.size} operations returned what the document says`;
  const some = `${faulty.length} of ${served.length} calls differ from the document; not called: ${missing.join(', ') || 'none'}`;
  const whole = faulty.length + missing.length === 0;
  findings.expect(`task API by ${client}`, whole, whole ? all : some);
  for (const { operation, faults } of faulty) findings.expect(operation, false, faults.join('; ').slice(0, 300));
}
