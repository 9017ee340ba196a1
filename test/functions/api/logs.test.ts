import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { callerContext, type Scope } from '#core/api/http/caller.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { sampleTask } from '../../contract/samples.ts';
import { openApiServices, type ApiServices } from './services.ts';

vi.mock('#runtime/http/agent-catalogue.ts', () => ({ agentCatalogue: () => new Map() }));
vi.mock('#functions/read-telemetry/logging-functions.ts', () => ({
  loggingFunctions: () =>
    ['parrot', 'owl'].map((agent) => ({ group: `fleet-${agent}`, service: `fleet-${agent}`, agents: [agent] })),
}));

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;
interface Page {
  readonly lines: readonly { readonly message: string; readonly taskId?: string }[];
  readonly nextCursor?: string;
}

let services: ApiServices;
let handler: Handler;
const NOW = Date.now();
const taskOf = (name: string, tenant: string, agent: string): Task =>
  sampleTask({ id: taskIdSchema.parse(name), tenant, agent, createdAt: NOW - 60_000, deadline: NOW + 60_000 });
const mine = taskOf('task-mine', 'acme', 'parrot');
const hooted = taskOf('task-hooted', 'acme', 'owl');
const foreign = taskOf('task-foreign', 'other', 'parrot');

beforeAll(async () => {
  services = await openApiServices('parrot', 'owl');
  for (const [name, value] of Object.entries(services.env)) vi.stubEnv(name, value);
  ({ handler } = await import('#functions/read-telemetry/handler.ts'));
  const { table, client } = services;
  const store = dynamodbTaskStore({ table, client });
  for (const task of [mine, hooted, foreign]) await store.create(task);
  const said = ({ id, tenant, agent }: Task, level: string, message: string) =>
    log(agent, { level, message, service: `fleet-${agent}`, task: { id, tenant, agent } });
  said(mine, 'INFO', 'task.parked');
  said(mine, 'WARN', 'task.finished');
  said(hooted, 'WARN', 'tool.failed');
  said(foreign, 'ERROR', 'message.failed');
  log('parrot', { level: 'ERROR', message: 'message.refused', service: 'fleet-parrot' });
  log('parrot', 'INIT_REPORT Status: error Error Type: Runtime.ImportModuleError');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await services.close();
});

function log(agent: string, line: object | string): void {
  mkdirSync(join(services.logs, agent), { recursive: true });
  const at = new Date(NOW - 30_000).toISOString();
  const text = typeof line === 'string' ? line : JSON.stringify(line);
  appendFileSync(join(services.logs, agent, `${at.slice(0, 10)}.log`), `${at} 0a1b2c3d ${text}\n`);
}

interface Asked {
  readonly resource?: string;
  readonly id?: string;
  readonly tenant?: string;
  readonly scopes?: readonly Scope[];
  readonly agents?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
}

async function ask({ resource = '/logs', id, tenant = 'acme', scopes = ['read'], agents, query = {} }: Asked) {
  const caller = { tenant, keyId: 'key-1', scopes: [...scopes], agents: agents === undefined ? null : [...agents] };
  const event = {
    httpMethod: 'GET',
    resource,
    path: resource,
    pathParameters: id === undefined ? null : { id },
    queryStringParameters: query,
    headers: {},
    requestContext: { authorizer: callerContext(caller), requestId: 'request-1' },
  };
  const context = { getRemainingTimeInMillis: () => 29_000 };
  const { statusCode, body } = await handler(event as unknown as APIGatewayProxyEvent, context as Context);
  return { status: statusCode, page: JSON.parse(body) as Page };
}

const messages = async (asked: Asked): Promise<string[]> => {
  const { status, page } = await ask(asked);
  expect(status).toBe(200);
  return page.lines.map(({ message }) => message).toSorted();
};

describe('logs over the API', () => {
  const ofTask = (id: string): Asked => ({ resource: '/tasks/{id}/logs', id });

  it('I8: a tenant reads the lines of its own tasks alone', async () => {
    expect(await messages({})).toEqual(['task.finished', 'task.parked', 'tool.failed']);
    expect(await messages({ tenant: 'other' })).toEqual(['message.failed']);
    expect(await messages({ tenant: 'nobody' })).toEqual([]);
    expect(await messages({ query: { errors: 'true' } })).toEqual(['task.finished', 'tool.failed']);
  });

  it('I8: a task of another tenant is not found, its lines and its explanation neither', async () => {
    expect(await messages(ofTask(mine.id))).toEqual(['task.finished', 'task.parked']);
    for (const resource of ['/tasks/{id}/logs', '/tasks/{id}/why'])
      expect((await ask({ resource, id: foreign.id })).status).toBe(404);
  });

  it('I8: a key of some agents reads lines about their tasks alone', async () => {
    expect(await messages({ agents: ['owl'] })).toEqual(['tool.failed']);
    expect((await ask({ agents: ['owl'], query: { agent: 'parrot' } })).status).toBe(403);
    expect((await ask({ ...ofTask(mine.id), agents: ['owl'] })).status).toBe(403);
  });

  it('the scope fleet reads the lines of all tenants and functions, also of crashes', async () => {
    const all = [
      'function.not-started',
      'message.failed',
      'message.refused',
      'task.finished',
      'task.parked',
      'tool.failed',
    ];
    expect(await messages({ scopes: ['read', 'fleet'] })).toEqual(all);
    const query = { agent: 'parrot', errors: 'true' };
    expect(await messages({ scopes: ['read', 'fleet'], query })).toEqual([
      'function.not-started',
      'message.failed',
      'message.refused',
      'task.finished',
    ]);
  });

  it('pages follow each other by their cursors', async () => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { page } = await ask({ query: { limit: '1', ...(cursor !== undefined && { cursor }) } });
      found.push(...page.lines.map(({ message }) => message));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(found.toSorted()).toEqual(['task.finished', 'task.parked', 'tool.failed']);
  });

  it.each([
    { cursor: 'nonsense' },
    { cursor: '1~2~3' },
    { cursor: '1~2~99999999~4' },
    { since: 'soon' },
    { limit: '0' },
    { errors: 'maybe' },
  ])('rejects %j', async (query) => {
    expect((await ask({ query })).status).toBe(400);
  });

  it('explains a task', async () => {
    const { status, page } = await ask({ resource: '/tasks/{id}/why', id: mine.id });
    expect(status).toBe(200);
    expect(page).toMatchObject({ id: mine.id, status: 'queued', cause: 'no-worker', ahead: 0, freedBy: 'worker' });
  });
});
