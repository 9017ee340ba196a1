import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systems } from '#bin/systems.ts';
import { CHROMIUM, chromium } from '#test/support/chromium.ts';
import { FleetProgram } from './support/fleet-program.ts';
import { listeningSockets, LOOPBACK, type Listening } from './support/listening.ts';
import { send } from './support/send.ts';

/**
 * Each port on which a running fleet listens refuses web pages. The ports come from the process's sockets, so that one
 * that is added later is among them. Webhooks of systems are routes of the task API's port.
 */

let home: string;
let up: ChildProcess;
let sockets: readonly Listening[];
let ports: readonly number[];

const LINUX = process.platform === 'linux';

beforeAll(async () => {
  if (!LINUX) return;
  home = await mkdtemp(join(tmpdir(), 'fleet-ports-'));
  up = await new FleetProgram(home).up();
  sockets = listeningSockets(up.pid ?? 0);
  ports = [...new Set(sockets.map(({ port }) => port))];
});
afterAll(async () => {
  if (!LINUX) return;
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  await rm(home, { recursive: true, force: true });
});

/** Method and path of each route that a system serves, such as its webhook. */
const webhooks = systems
  .flatMap(({ routes = [] }) => routes)
  .map(({ route }) => /^(\w+) (\/.*)$/.exec(route)?.slice(1) ?? [])
  .map(([method = '', path = '']) => [method, `/v1${path}`] as const);

const PAGES: Readonly<Record<string, Record<string, string>>> = {
  'a rebound name': { host: 'rebound.example' },
  'a rebound name that begins as this machine’s': { host: 'localhost.example' },
  'another origin': { origin: 'http://evil.example' },
  'an opaque origin': { origin: 'null' },
  'another site': { 'sec-fetch-site': 'cross-site' },
};

describe.skipIf(!LINUX)('each port of a running fleet', () => {
  test('is found: at least the AWS endpoint, the task API and the model', () => {
    expect(ports.length).toBeGreaterThanOrEqual(3);
  });

  test('is on the loopback interface', () => {
    expect(sockets.filter(({ address }) => !LOOPBACK.has(address))).toEqual([]);
  });

  test.each(Object.entries(PAGES))('refuses a page with %s', async (_, headers) => {
    for (const port of ports) {
      for (const [method, path] of [
        ['GET', '/'],
        ['POST', '/v1/messages'],
        ['OPTIONS', '/v1/tasks'],
        ['GET', '/console/'],
        ['POST', '/console/links'],
        ['POST', '/api/tasks'],
        ...webhooks,
      ] as const) {
        const { status, body } = await send({ port, method, path, headers });
        expect({ port, method, status }).toEqual({ port, method, status: 403 });
        expect(body).toContain('Forbidden: The ');
      }
    }
  });

  test('answers programs of this machine, so the refusals above are those of pages', async () => {
    for (const port of ports)
      expect((await send({ port, method: 'GET', path: '/' })).body).not.toContain('Forbidden: The ');
  });

  test.skipIf(CHROMIUM === undefined)(
    'refuses a page in Chromium whose name was rebound to it (apt-get install chromium)',
    async () => {
      for (const port of ports) {
        const rules = '--host-resolver-rules=MAP *.example 127.0.0.1';
        const dom = await chromium('--dump-dom', rules, `http://rebound.example:${port}/`);
        expect({ port, dom }).toEqual({ port, dom: expect.stringContaining('Forbidden: The Host of the request') });
      }
    },
    120_000,
  );
});

test.skipIf(!LINUX)('a new socket of a process is found, and one of another process is not', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const found = listeningSockets(process.pid).map((socket) => socket.port);
  expect(found).toContain(port);
  expect(ports).not.toContain(port);
  server.close();
});
