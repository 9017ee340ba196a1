import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { agentCard } from '#core/agents/agent-card.ts';
import { openApi } from '#core/api/openapi.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { GET_TASK } from '#functions/get-task/env.ts';
import { OPERATE_FLEET } from '#functions/operate-fleet/env.ts';
import { READ_FLEET } from '#functions/read-fleet/env.ts';
import { READ_TELEMETRY } from '#functions/read-telemetry/env.ts';
import { SUBMIT_TASK } from '#functions/submit-task/env.ts';
import { seedWorld } from '../../e2e/api/foreign/seed.ts';
import { ApiDocument, type DocumentedOperation } from '../../support/api-document.ts';
import { faultsOfRefusal } from '../../support/refusal.ts';
import { parrot } from '../../systems/parrot/agent.ts';
import { anyRequest, bytesOf, CANARY, OWNER, type AnyRequest } from './any-request.ts';
import { openApiServices, type ApiServices } from './services.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
vi.mock('#functions/read-telemetry/logging-functions.ts', () => ({ loggingFunctions: () => [] }));
// In a bundle it is a file next to the code.
vi.mock('#runtime/http/agent-catalogue.ts', () => ({
  agentCatalogue: () => new Map([[parrot.name, agentCard(parrot)]]),
}));

/** The same requests in each run by default. A failure prints its own seed and path. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 5);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

const document = new ApiDocument(openApi());
let services: ApiServices;
let known: readonly string[] = [];
const statuses = new Set<number>();
const handlers = new Map<string, Handler>();
/** The errors that the functions log as their own. */
let said: readonly unknown[] = [];

beforeAll(async () => {
  services = await openApiServices(parrot.name);
  for (const [name, value] of Object.entries(services.env)) vi.stubEnv(name, value);
  const parts = [
    [SUBMIT_TASK, await import('#functions/submit-task/handler.ts')],
    [GET_TASK, await import('#functions/get-task/handler.ts')],
    [READ_FLEET, await import('#functions/read-fleet/handler.ts')],
    [READ_TELEMETRY, await import('#functions/read-telemetry/handler.ts')],
    [OPERATE_FLEET, await import('#functions/operate-fleet/handler.ts')],
  ] as const;
  for (const [routes, { handler }] of parts) for (const route of routes) handlers.set(route, handler);
  const { logger } = await import('#runtime/observability/telemetry.ts');
  vi.spyOn(logger, 'error').mockImplementation((...words: unknown[]) => void (said = words));
  const { escalated, dead } = await seedWorld(services, { tenant: 'acme', agent: parrot.name, name: 'fuzz' });
  const hello = { agent: parrot.name, instruction: 'hello', sessionId: 'talk-1' };
  known = [
    parrot.name,
    escalated,
    dead,
    'talk-1',
    await made('submitTask', hello),
    await made('submitRun', { tasks: [hello] }),
  ];
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await services.close();
});

/** The items that requests can ask for. */
async function made(operation: string, body: object): Promise<string> {
  const request = {
    params: {},
    query: {},
    headers: JSON_TYPE,
    body: { text: JSON.stringify(body) },
    authorizer: OWNER,
  };
  const { text } = await send(document.operation(operation), request);
  return (JSON.parse(text) as { id: string }).id;
}
const JSON_TYPE = { 'content-type': 'application/json' };

async function send(operation: DocumentedOperation, request: AnyRequest) {
  const { method, path } = operation;
  const handler = handlers.get(`${method.toUpperCase()} ${path}`);
  if (!handler) throw new Error(`Nothing serves ${operation.id}.`);
  said = [];
  const result = await handler(eventOf(operation, request), { getRemainingTimeInMillis: () => 29_000 } as Context);
  return { status: result.statusCode, type: String(result.headers?.['content-type'] ?? ''), text: result.body };
}

function eventOf({ method, path }: DocumentedOperation, request: AnyRequest): APIGatewayProxyEvent {
  const { params, query, headers, authorizer } = request;
  const body = request.body && bytesOf(request.body);
  const text = body?.toString('utf8') ?? null;
  const isText = body !== null && Buffer.from(text ?? '').equals(body);
  const event = {
    httpMethod: method.toUpperCase(),
    resource: path,
    path,
    pathParameters: Object.keys(params).length === 0 ? null : params,
    queryStringParameters: Object.keys(query).length === 0 ? null : query,
    headers,
    body: isText ? text : (body?.toString('base64') ?? null),
    isBase64Encoded: body !== null && !isText,
    requestContext: { requestId: 'request-1', authorizer },
  };
  return event as unknown as APIGatewayProxyEvent;
}

/** Returns what is wrong with a response. It must be empty for every request. */
async function faultsOf(operation: DocumentedOperation, request: AnyRequest): Promise<readonly unknown[]> {
  const { status, type, text } = await send(operation, request);
  statuses.add(status);
  const body = text === '' ? undefined : (JSON.parse(text) as unknown);
  const answered = document.faultsOfAnswer(operation, status, type, body);
  if (status >= 400) return [...answered, ...faultsOfRefusal({ status, type, text }, CANARY), ...said];
  const asked = operation.takesBody ? document.faultsOfBody(operation, jsonOf(request)) : [];
  return [...answered, ...asked.map((fault) => `accepted though ${fault}`), ...(await lost(operation, body))];
}

const jsonOf = ({ body }: AnyRequest) => JSON.parse((body && bytesOf(body).toString('utf8')) ?? '') as unknown;

/** Every accepted task is stored. */
async function lost({ id }: DocumentedOperation, body: unknown): Promise<readonly string[]> {
  if (id !== 'submitTask') return [];
  const task = taskIdSchema.parse((body as { id: string }).id);
  return (await dynamodbTaskStore(services).get(task)) ? [] : ['accepted and not kept'];
}

describe('any request to', () => {
  it.each(document.operations)('$method $path has a clear answer', async (operation) => {
    const { parameters, schema: body } = operation;
    const requests = anyRequest({ parameters, body }, () => known);
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        expect(await faultsOf(operation, request)).toEqual([]);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('was of all kinds: valid, and invalid in every way that a function can detect', () => {
    expect([...statuses]).toEqual(expect.arrayContaining([200, 202, 204, 400, 401, 403, 404, 413, 415, 422]));
  });
});

/** Bodies of which each key or item is an error. */
const HOSTILE: readonly (readonly [what: string, body: () => object])[] = [
  [
    '100,000 unknown keys',
    () => Object.fromEntries(Array.from({ length: 100_000 }, (_, key) => [`unknown-${key}`, 1])),
  ],
  ['one key of 2 MB', () => ({ ['k'.repeat(2_000_000)]: 1 })],
  [
    'a value of 2 MB in each field',
    () => ({ agent: 'a'.repeat(2_000_000), instruction: 'x', tasks: 'x', sessionId: 'y' }),
  ],
  ['100,000 wrong items', () => ({ tasks: Array.from({ length: 100_000 }, () => ({ x: 1 })), items: [] })],
  ['500 tasks with 40 long unknown keys each', () => ({ tasks: Array.from({ length: 500 }, () => manyKeys(40, 120)) })],
  ['20 unknown keys of 200 characters of three bytes', () => manyKeys(20, 200, '€')],
  [
    '500 tasks with 20 keys of 100 characters of three bytes',
    () => ({ tasks: Array.from({ length: 500 }, () => manyKeys(20, 100, '€')) }),
  ],
  ['an input with 50,000 unknown keys', () => ({ agent: parrot.name, input: manyKeys(50_000) })],
];
const manyKeys = (count: number, length = 5, character = 'k') =>
  Object.fromEntries(Array.from({ length: count }, (_, key) => [`${key}`.padStart(length, character), 1]));

const MAX_ANSWER_BYTES = 10_000;
/** A batch answers each of its 500 tasks. Lambda's answer has at most 6 MB. */
const MAX_BATCH_BYTES = 4_000_000;

describe.each(document.operations.filter(({ takesBody }) => takesBody))(
  'the answer of $method $path stays small',
  (operation) => {
    it.each(HOSTILE)('for %s', async (_, body) => {
      const params = Object.fromEntries(
        operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => [name, 'x']),
      );
      const text = JSON.stringify(body());
      const answer = await send(operation, {
        params,
        query: {},
        headers: JSON_TYPE,
        body: { text },
        authorizer: OWNER,
      });
      expect(answer.status).toBeLessThan(500);
      expect(Buffer.byteLength(answer.text)).toBeLessThan(answer.status < 400 ? MAX_BATCH_BYTES : MAX_ANSWER_BYTES);
    });
  },
);
