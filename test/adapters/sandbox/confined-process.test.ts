import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namespaces } from '#adapters/sandbox/namespaces.ts';
import { runConfined, type ConfinedEnd } from '#adapters/sandbox/confined-process.ts';

/** The second wall by itself: hostile code of Node.js in the place of the interpreter. */
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

/** What Node 24's permission model stops by itself, on every system. */
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
  it('may read its folder and nothing else, and has no name of a credential', async () => {
    expect(await attempts([])).toMatchObject({ ...STOPPED, 'read its folder': 'done' });
    expect(readFileSync(join(folder, 'own.txt'), 'utf8')).toBe('mine');
  });

  it('is not kept from the network, signals and links by the permission model: what the interpreter is there for', async () => {
    // The day that Node.js closes one of these, this list gets shorter.
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

  it('dies of its own heap, and takes nobody with it', async () => {
    const end = await runs('const all = []; for (;;) all.push({ a: all.length, b: [1.5] });');
    expect(end).toMatchObject({ kind: 'exited', stdout: '' });
    expect(end.kind === 'exited' && end.code).not.toBe(0);
  });

  it('may end as it likes: the end says so', async () => {
    expect(await runs('process.abort();')).toMatchObject({ kind: 'exited', stdout: '' });
    expect(await runs('process.exit(7);')).toMatchObject({ kind: 'exited', code: 7 });
  });

  it('tells when it could not be started', async () => {
    const missing = { ...LIMITS, program: join(home, 'none.mjs'), folder, stdin: '', prefix: ['/nowhere/unshare'] };
    expect(await runConfined(missing)).toMatchObject({
      kind: 'exited',
      code: null,
      stderr: expect.stringContaining('ENOENT') as string,
    });
  });
});
