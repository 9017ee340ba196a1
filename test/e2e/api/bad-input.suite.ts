import { Agent } from 'node:http';
import { sample } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApi } from '#core/api/openapi.ts';
import { anyRequest, bytesOf, type AnyRequest } from '../../functions/api/any-request.ts';
import { ApiDocument, type DocumentedOperation } from '../../support/api-document.ts';
import { faultsOfRefusal } from '../../support/refusal.ts';
import type { ApiFleet } from './fleet.ts';
import { sendRaw, type RawAnswer, type RawRequest } from './raw.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 5);
/** Requests per operation over HTTP. The functions get many more without HTTP. */
const RUNS = 12;

const document = new ApiDocument(openApi());
const agent = new Agent({ keepAlive: true, maxSockets: 500 });
const keys: Record<string, string> = {};

export function badInputSuite(shared: () => ApiFleet): void {
  let fleet: ApiFleet;
  let foreign: string;

  beforeAll(async () => {
    fleet = shared();
    keys['own'] = await fleet.makeKey();
    keys['reader'] = await fleet.makeKey({ scopes: ['read'] });
    keys['limited'] = await fleet.makeKey({ agents: ['somebody-else'] });
    keys['expired'] = await fleet.makeKey({ validUntil: Date.now() - 1 });
    keys['revoked'] = await fleet.makeKey({ revokedAt: Date.now() });
    const other = fleet.as(await fleet.makeKey({ tenant: 'other' }));
    foreign = (await other('POST /tasks', { agent: 'parrot', instruction: 'secret', sessionId: 'theirs' })).body.id;
  });
  afterAll(() => agent.destroy());

  const send = (request: RawRequest) => sendRaw(fleet.url, request, agent);

  /** Sends a request with a key, and a JSON body by default. */
  function asked(route: string, body?: unknown, key = 'own', headers: Readonly<Record<string, string>> = {}) {
    const [method = '', path = ''] = route.split(' ');
    const typed = body === undefined ? {} : { 'content-type': 'application/json' };
    const bearer = keys[key] === undefined ? {} : { authorization: `Bearer ${keys[key]}` };
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    return send({ method, path, headers: { ...bearer, ...typed, ...headers }, body: text });
  }

  const parrot = (more: object) => ({ agent: 'parrot', instruction: 'hello', ...more });
  const fieldsOf = ({ text }: RawAnswer) =>
    ((JSON.parse(text) as { errors?: { field: string }[] }).errors ?? []).map(({ field }) => field);

  describe('bad input has a clear answer', () => {
    it.each<[what: string, status: number, fields: readonly string[], send: () => Promise<RawAnswer>]>([
      ['an unknown agent', 422, ['agent'], () => asked('POST /tasks', { agent: 'nobody', instruction: 'hello' })],
      [
        'wrong types',
        400,
        ['priority', 'budget.usd'],
        () => asked('POST /tasks', parrot({ priority: 1, budget: { usd: '1' } })),
      ],
      ['an unknown field', 400, ['prompt'], () => asked('POST /tasks', parrot({ prompt: 'x' }))],
      ['a blank instruction', 400, ['instruction'], () => asked('POST /tasks', parrot({ instruction: ' \n ' }))],
      ['a blank system prompt', 400, ['system'], () => asked('POST /tasks', parrot({ system: '   ' }))],
      [
        'a blank instruction in the input',
        422,
        ['input.instruction'],
        () => asked('POST /tasks', { agent: 'parrot', input: { instruction: '   ' } }),
      ],
      [
        'input that does not match the agent’s schema',
        422,
        ['input.question'],
        () => asked('POST /tasks', { agent: 'parrot', input: { instruction: 'hello', question: 1 } }),
      ],
      [
        'a task that is too large',
        413,
        ['input'],
        () => asked('POST /tasks', { agent: 'parrot', input: { instruction: 'x'.repeat(300_000) } }),
      ],
      [
        'a body that is too large',
        413,
        ['body'],
        () => asked('POST /tasks', { agent: 'parrot', input: 'x'.repeat(4_000_000) }),
      ],
      ['a request too large for a function', 413, ['body'], () => asked('POST /tasks', 'x'.repeat(8_000_000))],
      ['a request that is too large', 413, ['body'], () => asked('POST /tasks', 'x'.repeat(11_000_000))],
      [
        'a deeply nested body',
        400,
        ['body'],
        () => asked('POST /tasks', `{"agent":"parrot","input":${'['.repeat(300_000)}${']'.repeat(300_000)}}`),
      ],
      ['an unknown session', 404, [], () => asked('GET /sessions/none')],
      ['an invalid session id', 400, ['sessionId'], () => asked('POST /tasks', parrot({ sessionId: 'a b' }))],
      ['an unknown task', 404, [], () => asked('GET /tasks/task-none')],
      ['an unknown run', 404, [], () => asked('POST /runs/run-none/cancel')],
      ['an unknown pool', 404, [], () => asked('POST /pools/nobody/resume')],
      ['an unknown escalation', 404, [], () => asked('POST /escalations/none/claim', { by: 'ada' })],
      ['an unknown route', 404, [], () => asked('GET /nothing/here')],
      ['an unsupported method', 404, [], () => asked('DELETE /tasks')],
      ['the root', 404, [], () => asked('GET /')],
      ['an unknown route without a key', 404, [], () => asked('GET /nothing/here', undefined, 'none')],
      ['another tenant’s task', 404, [], () => asked(`GET /tasks/${foreign}`)],
      ['another tenant’s session', 404, [], () => asked('DELETE /sessions/theirs')],
      ['no key', 401, ['Authorization'], () => asked('GET /tasks', undefined, 'none')],
      ['an expired key', 401, ['Authorization'], () => asked('GET /tasks', undefined, 'expired')],
      ['a revoked key', 401, ['Authorization'], () => asked('GET /tasks', undefined, 'revoked')],
      [
        'an unknown key',
        401,
        ['Authorization'],
        () => asked('GET /tasks', undefined, 'none', { authorization: `Bearer flk_${'x'.repeat(43)}` }),
      ],
      ['an under-scoped key', 403, ['Authorization'], () => asked('POST /tasks', parrot({}), 'reader')],
      ['a key for other agents', 403, ['agent'], () => asked('POST /tasks', parrot({}), 'limited')],
      [
        'a callback to a private address',
        422,
        ['callback.url'],
        () => asked('POST /tasks', parrot({ callback: { url: 'https://10.0.0.7/hook' } })),
      ],
      [
        'a callback to this machine',
        422,
        ['callback.url'],
        () => asked('POST /tasks', parrot({ callback: { url: 'https://localhost/hook' } })),
      ],
      [
        'a callback to the metadata address',
        422,
        ['callback.url'],
        () => asked('POST /tasks', parrot({ callback: { url: 'https://169.254.169.254/latest' } })),
      ],
      ['invalid JSON', 400, ['body'], () => asked('POST /tasks', '{"agent":')],
      ['no body', 400, ['body'], () => asked('POST /tasks', '')],
      [
        'a wrong content type',
        415,
        ['Content-Type'],
        () => asked('POST /tasks', parrot({}), 'own', { 'content-type': 'text/plain' }),
      ],
      [
        'a deadline in the past',
        422,
        ['deadline'],
        () => asked('POST /tasks', parrot({ deadline: '2020-01-01T00:00:00Z' })),
      ],
      ['a budget above the agent’s', 422, ['budget.usd'], () => asked('POST /tasks', parrot({ budget: { usd: 1e6 } }))],
      [
        'an unknown upload',
        422,
        ['inputKey'],
        () => asked('POST /tasks', { agent: 'parrot', inputKey: 'inputs/other/1' }),
      ],
      ['an invalid cursor', 400, ['cursor'], () => asked('GET /tasks?cursor=x')],
      [
        'an idempotency key that is too long',
        400,
        ['Idempotency-Key'],
        () => asked('POST /tasks', parrot({}), 'own', { 'idempotency-key': 'x'.repeat(300) }),
      ],
      ['an empty batch', 400, ['tasks'], () => asked('POST /tasks/batch', { tasks: [] })],
      [
        'a batch of 501',
        400,
        ['tasks'],
        () => asked('POST /tasks/batch', { tasks: Array.from({ length: 501 }, () => parrot({})) }),
      ],
    ])('%s: %i', async (_what, status, fields, answer) => {
      const got = await answer();
      expect({ status: got.status, fields: fieldsOf(got) }, `answered ${got.text}`).toEqual({ status, fields });
      expect(faultsOfRefusal(got, keys['own'] ?? '')).toEqual([]);
    });
  });

  describe('any request over HTTP', () => {
    it.each(document.operations)('$method $path has a clear answer', async (operation) => {
      const requests = sample(
        anyRequest({ ...operation, body: operation.schema }, () => ['parrot', 'talk', foreign]),
        {
          seed: SEED,
          numRuns: RUNS,
        },
      );
      for (const request of requests) {
        const got = await send(rawOf(operation, request));
        const faults = got.status < 400 ? [] : faultsOfRefusal(got, keys['own'] ?? '');
        expect({ got, faults }, `seed ${SEED}: ${JSON.stringify(request)}`).toMatchObject({ faults: [] });
      }
    });
  });

  function rawOf(
    { method, path }: DocumentedOperation,
    { params, query, headers, body, authorizer }: AnyRequest,
  ): RawRequest {
    const way = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
    const search = new URLSearchParams(query).toString();
    const key = authorizer === null ? '' : keys[authorizer['scopes'] === 'read' ? 'reader' : 'own'];
    const sendable = Object.entries(headers).filter(
      ([name, value]) => name !== 'Authorization' && /^[\x20-\x7e]*$/.test(value),
    );
    return {
      method: method.toUpperCase(),
      path: search === '' ? way : `${way}?${search}`,
      headers: { ...Object.fromEntries(sendable), authorization: `Bearer ${key}` },
      body: body === null ? undefined : bytesOf(body),
    };
  }
}
