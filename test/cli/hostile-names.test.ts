import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SHIPPED } from '../support/examples.ts';
import { FleetProgram, type Ran } from './support/fleet-program.ts';

/** The commands themselves, with a failed document and a task whose texts would write to the terminal. */

const EVIL = 'a\u001B]0;pwned\u0007b\u001B[2Jc\u009B31md\u202Efdp\u2066';
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

let home: string;
let fleet: FleetProgram;
let up: ChildProcess;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-names-'));
  await mkdir(join(home, 'documents'));
  await writeFile(join(home, 'documents', `${EVIL}.pdf`), '%PDF-1.7\nbroken');
  fleet = new FleetProgram(home);
  up = await fleet.up();
}, 180_000);
afterAll(async () => {
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  await rm(home, { recursive: true, force: true });
});

const expectPrintable = ({ stdout, stderr }: Ran): void => {
  expect(stdout + stderr).toContain('pwned');
  expect(stdout + stderr).not.toMatch(CONTROL);
};

test.skipIf(!SHIPPED.includes('documents'))(
  'fleet documents names a failed file without its escape sequences',
  async () => {
    const ran = await fleet.run(['documents', 'documents', '--out', 'report']);
    expect(ran.stdout).toContain('1 failed');
    expectPrintable(ran);
  },
  120_000,
);

test.each([
  ['task', (id: string) => ['task', id]],
  ['task --json', (id: string) => ['task', id, '--json']],
])(
  'fleet %s shows a text with C1 and bidirectional controls',
  async (_, args) => {
    const { id } = await fleet.json<{ id: string }>('submit', 'assistant', EVIL);
    const ran = await fleet.run(args(id));
    expect(ran.code).toBe(0);
    expectPrintable(ran);
  },
  60_000,
);

test('--json keeps the meaning of what it escapes', async () => {
  const { id } = await fleet.json<{ id: string }>('submit', 'assistant', EVIL);
  expect(JSON.stringify(await fleet.json('task', id))).toContain('\u202E');
});

test('no command writes past the terminal’s output, which replaces control characters', () => {
  const files = globSync('{cli,systems/*/cli}/**/*.ts');
  expect(files.length).toBeGreaterThan(50);
  const writing = files.filter((file) =>
    /process\.std(out|err)\.write\(|console\.\w+\(/.test(readFileSync(file, 'utf8')),
  );
  // The first prints a generated script, and the others are what replaces the characters.
  expect(writing.toSorted()).toEqual(['cli/completion.ts', 'cli/exit-code.ts', 'cli/terminal/output.ts']);
});
