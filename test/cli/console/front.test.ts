import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFixture, type FixtureCloud } from '@agent-fleet/local-cloud/testing/cloud';
import { openConsole, type Console } from '#cli/console/front.ts';
import { apiFixture } from '../../../packages/local-cloud/test/apigateway/support.ts';
import { send } from '../support/send.ts';

const KEY = 'flk_the-key-of-this-machine';
let folder: string;
let cloud: FixtureCloud;
let served: Console;
let port: number;
let own: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-console-'));
  mkdirSync(join(folder, 'chunks'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Console</title>');
  writeFileSync(join(folder, 'app.js'), 'export {};');
  writeFileSync(join(folder, 'chunks', 'view-ABC.js'), 'export {};');
  served = openConsole({ folder, key: () => KEY });
  cloud = await startFixture(apiFixture({ methods: { 'GET /tasks': {}, 'POST /tasks': {} } }), {
    apiPort: 0,
    apiFront: served.front,
  });
  own = new URL(cloud.apis[0]?.url ?? '').origin;
  port = Number(new URL(own).port);
});
afterAll(async () => {
  await cloud[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => send({ port, method: 'GET', path, headers });

/** Opens a link, and returns the session's cookie as a browser sends it. */
async function cookieOf(): Promise<string> {
  const link = new URL(served.newLink(own));
  const { headers } = await get(`${link.pathname}${link.search}`);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** What the API's function received. */
const received = (body: string) => JSON.parse(body) as { path: string; headers: Record<string, string> };

describe('the console on the port of the API', () => {
  test('opens by a link that works once, and leaves a cookie that no page can read', async () => {
    const link = new URL(served.newLink(own));
    expect(link.origin).toBe(own);
    const first = await get(`${link.pathname}${link.search}`);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/console/');
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^fleet-console-${port}=[\\w-]{43}; Path=/api; Max-Age=43200; HttpOnly; SameSite=Strict$`),
      ),
    ]);
    const second = await get(`${link.pathname}${link.search}`);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(second.body).toContain('npm run fleet -- console');
  });

  test.each(['/console/', '/console/tasks/task-1', '/console/app.js', '/console/config.json', '/console/enter?link=x'])(
    'sends %s with a policy that allows no other origin, no frame and no guess of types',
    async (path) => {
      const { headers } = await get(path);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; /);
      expect(headers['content-security-policy']).not.toMatch(/https?:|\*|unsafe/);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['x-frame-options']).toBe('DENY');
    },
  );

  test('sends its page for every view, its files with their types, and nothing else', async () => {
    expect((await get('/console')).headers.location).toBe('/console/');
    for (const path of ['/console/', '/console/runs/run-1?cell=4', '/console/agents/a@1.2'])
      expect((await get(path)).body).toContain('<title>Console</title>');
    const script = await get('/console/chunks/view-ABC.js');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    for (const path of ['/console/none.js', '/console/../../package.json', '/console/%2e%2e/package.json'])
      expect((await get(path)).status).toBe(404);
    expect((await get('/console/config.json')).body).toBe('{"signIn":"cookie"}');
  });

  test('says that a file has not changed', async () => {
    const { headers } = await get('/console/app.js');
    expect(headers['cache-control']).toBe('no-cache');
    const again = await get('/console/app.js', { 'if-none-match': headers.etag ?? '' });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  test('gives a session’s requests the key on their way to the API, and the API no cookie', async () => {
    const cookie = await cookieOf();
    const { body, status } = await get('/api/tasks?limit=1', { cookie, 'sec-fetch-site': 'same-origin' });
    expect(status).toBe(200);
    expect(received(body).path).toBe('/tasks');
    expect(received(body).headers['Authorization']).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify(received(body).headers)).not.toContain('fleet-console');
  });

  test.each([{}, { cookie: 'fleet-console-1=x' }, { cookie: 'other=y' }])(
    'gives a request without a session no key: %j',
    async (headers) => {
      const { body } = await get('/api/tasks', headers);
      expect(received(body).headers['Authorization']).toBeUndefined();
    },
  );

  test('leaves a request its own key', async () => {
    const cookie = await cookieOf();
    const { body } = await get('/api/tasks', { cookie, Authorization: 'Bearer flk_mine' });
    expect(received(body).headers['Authorization']).toBe('Bearer flk_mine');
  });

  test('the API stays where it was, and takes no cookie there', async () => {
    const { body } = await get('/tasks', { cookie: await cookieOf() });
    expect(received(body).path).toBe('/tasks');
    expect(received(body).headers['Authorization']).toBeUndefined();
  });
});

describe('a session’s cookie', () => {
  const post = async (headers: Record<string, string>) =>
    (await send({ port, method: 'POST', path: '/api/tasks', headers: { cookie: await cookieOf(), ...headers } }))
      .status;

  test('counts from the console’s own page', async () => {
    expect(await post({ origin: own })).toBe(200);
    expect(await post({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await post({ origin: own, 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  test.each<Record<string, string>>([
    {},
    { origin: 'http://127.0.0.1:1' },
    { origin: 'http://localhost:5173' },
    { origin: 'https://127.0.0.1' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ])('is refused from another page, also one of this machine: %j', async (headers) => {
    expect(await post(headers)).toBe(403);
  });

  test('is refused for reading from another page too, and works for what a person typed', async () => {
    const cookie = await cookieOf();
    const read = async (headers: Record<string, string>) => (await get('/api/tasks', { cookie, ...headers })).status;
    expect(await read({ 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await read({ origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await read({ 'sec-fetch-site': 'none' })).toBe(200);
  });
});

describe('a rebound name or another site', () => {
  test.each(['/console/', '/console/enter?link=x', '/console/links', '/api/tasks'])(
    'gets nothing at %s',
    async (path) => {
      const cookie = await cookieOf();
      for (const headers of [
        { host: 'rebound.example' },
        { origin: 'http://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        const { status, body } = await get(path, { cookie, ...headers });
        expect(status).toBe(403);
        expect(body).toContain('Forbidden: The ');
      }
    },
  );
});

describe('a new link', () => {
  const ask = (headers: Record<string, string>, method = 'POST') =>
    send({ port, method, path: '/console/links', headers });

  test('is for programs that have the key', async () => {
    const { status, body } = await ask({ authorization: `Bearer ${KEY}` });
    expect(status).toBe(201);
    const link = new URL((JSON.parse(body) as { url: string }).url);
    expect(link.origin).toBe(own);
    expect((await get(`${link.pathname}${link.search}`)).status).toBe(303);
  });

  test('is for nobody else', async () => {
    for (const authorization of ['', 'Bearer ', 'Bearer flk_guess', KEY])
      expect((await ask({ authorization })).status).toBe(401);
    expect((await ask({ cookie: await cookieOf() })).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${KEY}` }, 'GET')).status).toBe(405);
  });
});
