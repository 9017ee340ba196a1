import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namespaces } from '#adapters/sandbox/namespaces.ts';
import { runConfined, type ConfinedEnd } from '#adapters/sandbox/confined-process.ts';

/** The second layer on its own: hostile Node.js code in place of the interpreter. */
let home: string;
let folder: string;
let server: Server;
let visits = 0;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'fleet-confined-'));
  folder = mkdtempSync(join(home, 'folder-'));
  writeFileSync(join(home, 'secret'), 'key');
  writeFileSync(join(folder, 'own.txt'), 'mine');
  symlinkSync('/etc/passwd', join(folder, 'link'));
  server = createServer((_, response) => response.end('hello')).on('connection', () => (visits += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true, force: true });
});

const LIMITS = { timeMs: 20_000, memoryMb: 16, outputBytes: 100_000 };
const hostile = join(import.meta.dirname, 'hostile.mjs');

async function attempts(prefix?: readonly string[]): Promise<Record<string, string>> {
  const order = { port: (server.address() as AddressInfo).port, parent: process.pid, secret: join(home, 'secret') };
  const confinement = { ...LIMITS, program: hostile, folder, stdin: JSON.stringify(order) };
  const end = await runConfined(prefix === undefined ? confinement : { ...confinement, prefix });
  if (end.kind !== 'exited') throw new Error(end.kind);
  return JSON.parse(end.stdout) as Record<string, string>;
}

/** A program given as text. */
async function runs(text: string, limits: Partial<typeof LIMITS> = {}): Promise<ConfinedEnd> {
  const program = join(home, 'program.mjs');
  writeFileSync(program, text);
  return runConfined({ ...LIMITS, ...limits, program, folder, stdin: '' });
}

/** Attempts that Node 24's permission model stops on every system. */
const STOPPED = {
  'read a file of the machine': 'ERR_ACCESS_DENIED',
  'read a file of the fleet': 'ERR_ACCESS_DENIED',
  'list a folder of the fleet': 'ERR_ACCESS_DENIED',
  'read the environment of its parent': 'ERR_ACCESS_DENIED',
  'find a credential in its environment': 'EMPTY',
  'write to its folder': 'ERR_ACCESS_DENIED',
  'write elsewhere': 'ERR_ACCESS_DENIED',
  'write a report': 'ERR_ACCESS_DENIED',
  'leave its folder': 'ERR_ACCESS_DENIED',
  'start a process': 'ERR_ACCESS_DENIED',
  'fork itself': 'ERR_ACCESS_DENIED',
  'start a thread': 'ERR_ACCESS_DENIED',
  'load native code': 'ERR_DLOPEN_DISABLED',
  'bind to the host': 'ERR_ACCESS_DENIED',
  'start WASI': 'ERR_ACCESS_DENIED',
  'open the inspector': 'ERR_ACCESS_DENIED',
  'debug itself': 'ERR_ACCESS_DENIED',
  'make code of text': 'EvalError',
  'keep memory beyond its limit': 'RangeError',
};

describe('a confined process', () => {
  it('can only read its folder, and has no credentials in its environment', async () => {
    expect(await attempts([])).toMatchObject({ ...STOPPED, 'read its folder': 'done' });
    expect(readFileSync(join(folder, 'own.txt'), 'utf8')).toBe('mine');
  });

  it('can use the network, signals and links despite the permission model, which is why there is an interpreter', async () => {
    // When Node.js closes one of these, remove it from the list.
    expect(await attempts([])).toMatchObject({
      'connect to this machine': 'done',
      'ask this machine over HTTP': 'done',
      'send a datagram': 'done',
      'signal its parent': 'done',
      'follow a link out of its folder': 'done',
    });
  });

  it.skipIf(namespaces().length === 0)(
    'has no network and sees no other process where Linux permits namespaces',
    async () => {
      const before = visits;
      expect(await attempts()).toMatchObject({
        ...STOPPED,
        'connect to this machine': 'ENETUNREACH',
        'ask this machine over HTTP': 'ENETUNREACH',
        'send a datagram': 'ENETUNREACH',
        'resolve a name': 'EAI_AGAIN',
        'signal its parent': 'ESRCH',
      });
      expect(visits).toBe(before);
    },
  );

  it('is killed at its time limit, whatever it does', async () => {
    const deaf = "process.on('SIGTERM', () => {}); for (;;);";
    expect(await runs(deaf, { timeMs: 400 })).toEqual({ kind: 'timeout' });
  });

  it('is killed when it writes too much', async () => {
    const text = "for (;;) (await import('node:fs')).writeSync(1, 'x'.repeat(10_000));";
    expect(await runs(text)).toEqual({ kind: 'too-much-output' });
  });

  it('dies when its heap is full, without affecting other processes', async () => {
    const end = await runs('const all = []; for (;;) all.push({ a: all.length, b: [1.5] });');
    expect(end).toMatchObject({ kind: 'exited', stdout: '' });
    expect(end.kind === 'exited' && end.code).not.toBe(0);
  });

  it('reports how it ended', async () => {
    expect(await runs('process.abort();')).toMatchObject({ kind: 'exited', stdout: '' });
    expect(await runs('process.exit(7);')).toMatchObject({ kind: 'exited', code: 7 });
  });

  it('reports that it could not be started', async () => {
    const missing = { ...LIMITS, program: join(home, 'none.mjs'), folder, stdin: '', prefix: ['/nowhere/unshare'] };
    expect(await runConfined(missing)).toMatchObject({
      kind: 'exited',
      code: null,
      stderr: expect.stringContaining('ENOENT') as string,
    });
  });
});
