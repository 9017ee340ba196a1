import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { agentCard } from '#core/agents/agent-card.ts';
import { callerContext, scopeSchema, type Caller } from '#core/api/http/caller.ts';
import { operations, type OperationId } from '#core/api/operations.ts';
import { enter, leave } from '#core/sessions/rules.ts';
import { DEFAULT_SESSION_POLICY, newSession } from '#core/sessions/session.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { seedWorld } from '../../e2e/api/foreign/seed.ts';
import { parrot } from '../../systems/parrot/agent.ts';
import { type Made, type Request, RULES, SESSION, WORDS, parrots } from './route-rules.ts';
import { openApiServices, type ApiServices } from './services.ts';

vi.mock('#functions/read-telemetry/logging-functions.ts', () => ({ loggingFunctions: () => [] }));
vi.mock('#runtime/http/agent-catalogue.ts', () => {
  const card = agentCard(parrot);
  return { agentCatalogue: () => new Map([card, { ...card, name: 'owl' }].map((each) => [each.name, each])) };
});

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;
/** By route. */
const handlers = new Map<string, Handler>();
let services: ApiServices;
let made: Made;

beforeAll(async () => {
  services = await openApiServices('parrot', 'owl');
  for (const [name, value] of Object.entries(services.env)) vi.stubEnv(name, value);
  const parts = [
    [(await import('#functions/submit-task/env.ts')).SUBMIT_TASK, await import('#functions/submit-task/handler.ts')],
    [(await import('#functions/get-task/env.ts')).GET_TASK, await import('#functions/get-task/handler.ts')],
    [(await import('#functions/read-fleet/env.ts')).READ_FLEET, await import('#functions/read-fleet/handler.ts')],
    [
      (await import('#functions/read-telemetry/env.ts')).READ_TELEMETRY,
      await import('#functions/read-telemetry/handler.ts'),
    ],
    [
      (await import('#functions/operate-fleet/env.ts')).OPERATE_FLEET,
      await import('#functions/operate-fleet/handler.ts'),
    ],
  ] as const;
  for (const [routes, { handler }] of parts) for (const route of routes) handlers.set(route, handler);
  const world = await seedWorld(services, { tenant: 'acme', agent: 'parrot', name: 'routes' });
  const idOf = async (id: OperationId, body: object): Promise<string> => {
    const { status, text } = await send('parrot', id, { body });
    expect({ status, text }).toMatchObject({ status: 202 });
    return (JSON.parse(text) as { id: string }).id;
  };
  const task = await idOf('submitTask', { ...parrots, sessionId: SESSION });
  const run = await idOf('submitRun', { tasks: [parrots] });
  const filter = { tasks: [world.dead] };
  const asked = await send('parrot', 'submitBulkAction', { body: { action: 'redrive', filter } });
  const { id: bulk } = JSON.parse(asked.text) as { id: string };
  made = { ...world, task, run, bulk };
  await talk(task);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await services.close();
});

/** Gives the session a turn. */
async function talk(task: string): Promise<void> {
  const sessions = dynamodbSessionStore(services);
  const kept = await sessions.get('acme', SESSION);
  if (!kept) throw new Error('The task has no session.');
  const turn = { taskId: taskIdSchema.parse(task), user: WORDS, assistant: WORDS, tokens: 9 };
  expect(kept.policy).toMatchObject(DEFAULT_SESSION_POLICY);
  await sessions.write({ ...kept, version: kept.version + 1, turns: [turn] });
}

/** Sends a request with a key of this agent and of every scope. */
async function send(
  agent: string,
  id: OperationId,
  { params, query, body }: Request,
  change: Partial<Caller> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const { method, path } = operations[id];
  const handler = handlers.get(`${method} ${path}`);
  if (!handler) throw new Error(`Nothing serves ${id}.`);
  const all = { tenant: 'acme', keyId: `key-of-${agent}`, scopes: [...scopeSchema.options], agents: [agent] };
  const caller = { ...all, ...change };
  const event = {
    httpMethod: method,
    resource: path,
    path,
    pathParameters: params ?? null,
    queryStringParameters: query ?? null,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1', authorizer: callerContext(caller) },
  };
  const context = { getRemainingTimeInMillis: () => 29_000 } as Context;
  const result = await handler(event as unknown as APIGatewayProxyEvent, context);
  return { status: result.statusCode, text: result.body };
}

/** Everything that the key of the owl could change. */
async function state() {
  const store = dynamodbTaskStore(services);
  const ids = [made.task, made.escalated, made.dead, made.failed].map((id) => taskIdSchema.parse(id));
  const [session, escalations, pools, run, tasks] = await Promise.all([
    send('parrot', 'getSession', { params: { id: SESSION } }),
    send('parrot', 'listEscalations', {}),
    send('parrot', 'listPools', {}),
    send('parrot', 'getRun', { params: { id: made.run } }),
    send('parrot', 'listTasks', {}),
  ]);
  const versions = (await store.getMany(ids)).map(({ id, version }) => `${id} ${version}`).toSorted();
  return { session, escalations, pools, run, tasks, versions };
}

const cases = Object.entries(RULES).flatMap(([id, rules]) =>
  rules.map((rule, index) => [`${id} ${index + 1}`, id as OperationId, rule] as const),
);

describe('a key of another agent', () => {
  it('has a rule for each operation', () => {
    expect(Object.keys(RULES).toSorted()).toEqual(Object.keys(operations).toSorted());
    const without = Object.entries(RULES).filter(([id, rules]) => rules.length === 0 && !isOpen(id as OperationId));
    expect(without).toEqual([]);
  });

  it.each(cases)('sees and changes nothing: %s', async (_, id, { answer, asks }) => {
    const before = await state();
    const request = asks(made);
    const { status, text } = await send('owl', id, request);
    expect(answer === 'refused' ? [403, 404] : [200, 202]).toContain(status);
    const asked = JSON.stringify(request);
    // A refusal names the agent that the key would need.
    const { agent: name, ...ids } = made;
    const all = [...Object.values(ids), WORDS, SESSION, ...(answer === 'silent' ? [name] : [])];
    const secrets = all.filter((secret) => !asked.includes(secret));
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it.each(cases.filter(([, id]) => operations[id].method === 'GET'))(
    'is what hinders it: the agent’s own key may %s',
    async (_, id, { asks }) => {
      const request = asks(made);
      const own = JSON.parse(JSON.stringify(request).replaceAll('owl', 'parrot')) as Request;
      expect((await send('parrot', id, own)).status).toBe(200);
    },
  );
});

describe('a conversation in which two agents had turns', () => {
  const BOTH = 'talk-of-both';
  const params = { id: BOTH };
  const attempts: readonly (readonly [OperationId, Request])[] = [
    ['getSession', { params }],
    ['submitTask', { body: { ...parrots, agent: 'owl', sessionId: BOTH } }],
    ['forgetSession', { params }],
  ];

  beforeAll(async () => {
    const sessions = dynamodbSessionStore(services);
    const turn = { user: WORDS, assistant: WORDS, tokens: 9 };
    let session = newSession('acme', BOTH, DEFAULT_SESSION_POLICY);
    // The parrot speaks, then the owl, and the owl's next turn replaces both by a summary that counts as the owl's.
    for (const agent of ['parrot', 'owl', 'owl']) {
      const sent = await send(agent, 'submitTask', { body: { ...parrots, agent } });
      const id = taskIdSchema.parse((JSON.parse(sent.text) as { id: string }).id);
      const upTo = session.turns.at(1)?.taskId;
      const next = { ...turn, ...(upTo !== undefined && { summary: { ...turn, upTo } }) };
      session = leave(enter(session, id, Date.now()).session, id, next, Date.now(), agent).session;
    }
    await sessions.write({ ...session, version: 1 });
  });

  it('holds a summary that counts as the second’s', async () => {
    const kept = await dynamodbSessionStore(services).get('acme', BOTH);
    expect(kept?.turns.map(({ isSummary }) => isSummary ?? false)).toEqual([true, false]);
  });

  it.each(attempts)('is closed to a key of one of them: %s', async (id, request) => {
    const { status, text } = await send('owl', id, request);
    expect(status).toBe(403);
    expect(text).not.toContain(WORDS);
  });

  it.each(attempts)('is open to a key of both: %s', async (id, request) => {
    const { status } = await send('owl', id, request, { agents: ['parrot', 'owl'] });
    expect(status).toBeLessThan(300);
  });
});

const isOpen = (id: OperationId): boolean => operations[id].scope === null;

describe('a pool that tenants share', () => {
  const pools = async (tenant: string) => (await send('parrot', 'listPools', {}, { tenant })).text;
  const pause = { params: { agent: 'parrot' }, body: { reason: 'To look at it.', by: 'eve' } };
  const resume = { params: { agent: 'parrot' } };

  it('is paused and resumed by a key with the scope fleet only', async () => {
    const operator = { tenant: 'acme', scopes: ['submit', 'read', 'operate'] as const };
    const narrow = { ...operator, scopes: [...operator.scopes] };
    const { status, text } = await send('parrot', 'pausePool', pause, narrow);
    expect({ status, text }).toMatchObject({ status: 403, text: expect.stringContaining('operate,fleet') });
    expect(await pools('other')).toContain('"status":"active"');
    expect((await send('parrot', 'pausePool', pause)).status).toBe(200);
    expect(await pools('other')).toContain('"status":"paused"');
    expect((await send('parrot', 'resumePool', resume, narrow)).status).toBe(403);
    expect((await send('parrot', 'resumePool', resume)).status).toBe(200);
  });

  it('needs the scope, as alarms and metrics do, and nothing else', () => {
    const wide = Object.entries(operations).filter(([, { scope }]) => scope === 'fleet');
    expect(wide.map(([id]) => id)).toEqual([
      'pausePool',
      'resumePool',
      'pauseFleet',
      'resumeFleet',
      'pauseTenant',
      'resumeTenant',
      'listAlarms',
      'getAlarm',
      'getTaskAlarms',
      'getMetrics',
    ]);
  });
});
