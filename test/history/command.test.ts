import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { buildPorcupine } from './porcupine.ts';

const run = promisify(execFile);
const PROGRAM = join(import.meta.dirname, 'check-history.ts');
const failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

async function checkHistory(...args: readonly string[]) {
  return run(process.execPath, [PROGRAM, ...args]).then(
    (ended) => ({ code: 0, ...ended }),
    (error: unknown) => failed.parse(error),
  );
}

const missing = await buildPorcupine().then(
  () => null,
  (error: Error) => error.message,
);
const title = missing === null ? 'check:history' : `check:history (skipped: ${missing})`;

it.skipIf(missing !== null)(`${title} records worlds and judges them`, async () => {
  const { code, stdout } = await checkHistory('--worlds', '2', '--from', '3');
  expect(stdout).toMatch(/^2 histories, 18 lease items, [\d,]+ calls \([\d,]+ without an answer\), \d+ times/m);
  expect(stdout).toContain('Every history is right.');
  expect(code).toBe(0);
});

it.skipIf(missing !== null)(`${title} exits with 1 for a wrong history, and says what is wrong`, async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'agent-fleet-history-')), 'history.jsonl');
  const hold = (region: string, at: number) => ({ type: 'hold', at, until: at + 27, region, home: 'eu', epoch: 0 });
  writeFileSync(file, `${JSON.stringify(hold('us', 0))}\n${JSON.stringify(hold('eu', 5))}\n`);
  const { code, stdout, stderr } = await checkHistory(file, '--json');
  expect(code).toBe(1);
  expect(stderr).toContain('the home eu is no lock');
  expect(JSON.parse(stdout)).toMatchObject({ histories: [{ file, holds: 2, violations: [expect.any(String)] }] });
});

it.skipIf(missing !== null)(`${title} exits with 1 for a file that is no history`, async () => {
  expect(await checkHistory(PROGRAM)).toMatchObject({ code: 1, stderr: expect.stringContaining('check-history.ts:1') });
});

it('exits with 2 for wrong usage', async () => {
  expect(await checkHistory('--worlds', 'many')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--worlds: must be a whole number'),
  });
});

it('exits with 3 where Go is missing, and says what to do', async () => {
  const options = { env: { ...process.env, PATH: '' } };
  const ended = await run(process.execPath, [PROGRAM], options).catch((error: unknown) => failed.parse(error));
  expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('Install Go 1.21 or newer') });
});
