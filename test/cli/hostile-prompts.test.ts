import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHIPPED } from '../support/examples.ts';

/** Questions that a command asks in a terminal, about folders whose names would write to it. */

const EVIL = 'a\u001B]0;pwned\u0007b\u001B[2Jc\u009B31md\u202Efdp\u2066\nReally nothing.';
// What the terminal itself and the line editor write: colours, cursor columns, erasing and bracketed paste.
// oxlint-disable-next-line no-control-regex
const OF_THE_EDITOR = /\u001B\[(?:\d*G|\d*[JK]|\?2004[hl]|1m|0m)/g;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

const SCRIPT = '/usr/bin/script';
const HAS_TERMINAL = process.platform === 'linux' && existsSync(SCRIPT);
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-prompts-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs a command in a pseudo-terminal, and answers its question with no. Returns all that the terminal received. */
async function declined(args: readonly string[], question: string, fleetHome: string): Promise<string> {
  const line = [process.execPath, resolve('bin/fleet.ts'), ...args].map(quoted).join(' ');
  const env = { ...process.env, FLEET_HOME: fleetHome, ANTHROPIC_API_KEY: '', TERM: 'dumb', SHELL: '/bin/sh' };
  const child = spawn(SCRIPT, ['-qec', line, '/dev/null'], { cwd: home, env });
  let said = '';
  let answered = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (answered || !said.includes(question)) return;
    answered = true;
    child.stdin.write('n\n');
  });
  await once(child, 'close');
  expect(said).toContain(question);
  return said.replaceAll(OF_THE_EDITOR, '').replaceAll('\r\n', '\n');
}

const expectHarmless = (said: string): void => {
  expect(said).toContain('pwned');
  expect(said).not.toMatch(CONTROL);
  // The name stays within its line.
  expect(said).not.toMatch(/^Really nothing/m);
};

describe.skipIf(!HAS_TERMINAL)('in a terminal', () => {
  test('fleet reset names what it would delete without escape sequences, and keeps it after a no', async () => {
    const folder = join(home, EVIL);
    await mkdir(join(folder, 'sample'), { recursive: true });
    const said = await declined(['reset'], 'Delete them? [y/N] ', folder);
    expectHarmless(said);
    expect(said).toContain('Nothing was deleted.');
    expect(existsSync(join(folder, 'sample'))).toBe(true);
  });

  test.skipIf(!SHIPPED.includes('documents'))(
    'fleet documents asks about a large folder without its escape sequences',
    async () => {
      const folder = join(home, 'documents', EVIL);
      await mkdir(folder, { recursive: true });
      await Promise.all(
        Array.from({ length: 1_001 }, (_, index) => writeFile(join(folder, `${index}.pdf`), '%PDF-1.7\n')),
      );
      const said = await declined(['documents', join('documents', EVIL)], 'Continue? [y/N] ', join(home, 'fleet'));
      expectHarmless(said);
      expect(said).toContain('Nothing was uploaded.');
    },
    60_000,
  );
});
