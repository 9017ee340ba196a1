import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { processSandbox } from '#adapters/sandbox/process-sandbox.ts';
import { buildModule } from '#lib/bundle.ts';
import { sandboxContract } from './sandbox.contract.ts';

/** The same suite runs through Lambda and the local cloud in test/e2e/sandbox.long.test.ts. */
describe('the process sandbox', () => {
  let home: string;
  let interpreter: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'fleet-sandbox-'));
    interpreter = join(home, 'interpreter.mjs');
    buildModule('functions/run-code/interpreter.ts', interpreter);
  });
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  sandboxContract(() => processSandbox({ interpreter }));

  it('stops when its caller aborts', async () => {
    const stop = new AbortController();
    const running = processSandbox({ interpreter }).run({ code: 'for (;;);', limits: { timeMs: 30_000 } }, stop.signal);
    stop.abort();
    expect(await running).toEqual({ ok: false, problem: 'The code was stopped.' });
  });

  it('removes the folder of a program', async () => {
    vi.stubEnv('TMPDIR', home);
    const before = readdirSync(home);
    const program = { code: 'return fileNames()', files: { 'only-mine.txt': '' } };
    expect(await processSandbox({ interpreter }).run(program)).toEqual({ ok: true, output: ['only-mine.txt'] });
    expect(readdirSync(home)).toEqual(before);
  });
});
