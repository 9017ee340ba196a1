import { readFileSync } from 'node:fs';
import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFixture } from '../../testing/cloud.ts';
import type { FixtureCloud } from '../../testing/cloud.ts';
import { apiFixture } from '../apigateway/support.ts';

/** Neither port answers a web page: not by the page's own name, nor with its origin. */

let cloud: FixtureCloud;
let ports: Readonly<Record<'aws' | 'api', string>>;
beforeAll(async () => {
  cloud = await startFixture(apiFixture({ methods: { 'GET /tasks': {} } }), { apiPort: 0 });
  ports = { aws: new URL(cloud.endpoint).port, api: new URL(cloud.apis[0]?.url ?? '').port };
});
afterAll(() => cloud[Symbol.asyncDispose]());

function ask(port: string, headers: OutgoingHttpHeaders, path = '/tasks', method = 'GET'): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const answered = (answer: IncomingMessage): void => {
      let text = '';
      answer.on('data', (data: Buffer) => (text += data.toString()));
      answer.on('end', () => resolve([answer.statusCode ?? 0, text]));
    };
    const outgoing = request({ hostname: '127.0.0.1', port, path, method, headers, setHost: false }, answered);
    outgoing.on('upgrade', (answer) => resolve([answer.statusCode ?? 0, '']));
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe.each(['aws', 'api'] as const)('the %s port', (name) => {
  test.each([
    'evil.example',
    'evil.example:4566',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evillocalhost',
    '127.0.0.1@evil.example',
    '192.168.0.1',
    '0.0.0.0',
    '[::ffff:7f00:1]',
    '',
  ])('refuses the host %j', async (host) => {
    expect(await ask(ports[name], { host })).toEqual([403, expect.stringContaining('The Host of the request')]);
  });

  test.each<OutgoingHttpHeaders>([
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1.evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
    { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'x', origin: 'https://evil.example' },
  ])('refuses a page: %j', async (headers) => {
    expect(await ask(ports[name], { host: `127.0.0.1:${ports[name]}`, ...headers })).toEqual([
      403,
      expect.stringContaining('The request comes from a page'),
    ]);
  });

  test.each(['POST', 'OPTIONS', 'PUT', 'HEAD'])('refuses a page by %s, also before it may send', async (method) => {
    const headers = { host: '127.0.0.1', origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    expect((await ask(ports[name], headers, '/tasks', method))[0]).toBe(403);
  });

  test.each<OutgoingHttpHeaders>([
    { host: '127.0.0.1' },
    { host: 'localhost:4566' },
    { host: 'LOCALHOST' },
    { host: '[::1]:4566' },
    { host: 'bucket.localhost:4566' },
    { host: 'my.bucket.s3.us-east-1.localhost' },
    { host: '127.0.0.1', origin: 'http://localhost:5173' },
    { host: '127.0.0.1', 'sec-fetch-site': 'none' },
    { host: '127.0.0.1', 'sec-fetch-site': 'same-origin' },
  ])('answers a program or page of this machine: %j', async (headers) => {
    // The API answers with what its function returns, and AWS asks for a signature.
    const [status, text] = await ask(ports[name], headers);
    expect(status).toBe(name === 'api' ? 200 : 403);
    expect(text).toContain(name === 'api' ? '"path":"/tasks"' : 'AccessDenied');
  });
});

test('an API on the AWS port is refused too', async () => {
  const stage = new URL(cloud.apis[0]?.url ?? '');
  const path = `/_aws/execute-api${stage.pathname}/tasks`;
  expect((await ask(ports.aws, { host: 'evil.example' }, path))[0]).toBe(403);
});

test('each package that listens has the same copy of the check', () => {
  const copy = (name: string): string => readFileSync(join(import.meta.dirname, '../../..', name), 'utf8');
  const own = copy('local-cloud/src/gateway/loopback.ts');
  expect(copy('simulated-claude/src/loopback.ts')).toBe(own);
  expect(copy('simulated-github/src/loopback.ts')).toBe(own);
});
