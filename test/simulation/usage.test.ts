import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const run = promisify(execFile);
const PROGRAM = new URL('./simulate.ts', import.meta.url).pathname;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

async function simulate(...argv: readonly string[]): Promise<Ended> {
  try {
    return { code: 0, ...(await run(process.execPath, [PROGRAM, ...argv])) };
  } catch (error) {
    return failed.parse(error);
  }
}

describe('npm run simulate', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-fleet-simulate-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('runs seeds and reports that no invariant was broken', async () => {
    const { code, stdout } = await simulate('--seeds', '60');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^60 seeds, [\d,]+ effects checked/m);
    expect(stdout).toContain('No invariant was broken.');
  });

  it('runs worlds of three regions, and replays one', async () => {
    const some = await simulate('--regions', '--seeds', '3');
    expect(some).toMatchObject({ code: 0, stdout: expect.stringMatching(/^3 worlds of three regions, \d+ tasks/m) });
    const one = await simulate('--regions', '--seed', '15');
    expect(one).toMatchObject({ code: 0, stdout: expect.stringMatching(/HOLDS +home 2 under epoch 16/) });
  });

  it('searches for --minutes, starting at --from', async () => {
    const { code, stdout } = await simulate('--minutes', '0.01', '--from', '9000', '--json');
    expect(code).toBe(0);
    const { seeds, failure } = z.object({ seeds: z.number(), failure: z.null() }).parse(JSON.parse(stdout));
    expect({ some: seeds > 0, failure }).toEqual({ some: true, failure: null });
  });

  it('reports a mutant that survives', async () => {
    const patch = join(folder, 'harmless.patch');
    await writeFile(
      patch,
      `A lease that is one millisecond longer breaks nothing.

--- a/core/tasks/claim.ts
+++ b/core/tasks/claim.ts
@@ -4,3 +4,3 @@
 /** How long a claim holds without being renewed: as long as the message stays hidden. */
-export const LEASE_MS = 15_000;
+export const LEASE_MS = 15_001;
 /** A live worker renews this often, so that two lost renewals do not cost it the task. */
`,
    );
    const { code, stdout } = await simulate('--mutant', patch, '--seeds', '30');
    expect(stdout).toContain('harmless survived');
    expect(code).toBe(1);
  });

  it('reports a patch that does not apply', async () => {
    const patch = join(folder, 'old.patch');
    await writeFile(
      patch,
      `--- a/core/tasks/claim.ts\n+++ b/core/tasks/claim.ts\n@@ -1 +1 @@\n-not there\n+nor this\n`,
    );
    const { code, stderr } = await simulate('--mutant', patch);
    expect(code).toBe(1);
    expect(stderr).toMatch(/old\.patch no longer applies to core\/: .*\n(.*\n)?Make the change again/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('replays a seed with one line per event', async () => {
    const { code, stdout } = await simulate('--seed', '5');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\+0:\d\d:\d\d\.\d{3} {2}worker 1 +store\.replace +t1 v2, running, epoch 1/m);
    expect(stdout).toMatch(/^Seed 5 broke no invariant/m);
  });

  it('replays a seed of a mutant and ends with the invariant it broke', async () => {
    const patch = new URL('./mutants/lease-not-checked.patch', import.meta.url).pathname;
    const found = await simulate('--mutant', patch, '--json');
    expect(found.code).toBe(0);
    const schema = z.object({
      mutants: z.tuple([z.object({ caught: z.object({ seed: z.number(), check: z.string() }) })]),
    });
    const { caught } = schema.parse(JSON.parse(found.stdout)).mutants[0];
    expect(caught.check).toBe('I2.2');
    const replayed = await simulate('--mutant', patch, '--seed', String(caught.seed));
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toMatch(/CHECK +I2\.2 .*of the lease left\n\nSeed \d+ broke I2\.2/);
  });

  it('shows examples in its help', async () => {
    const { code, stdout } = await simulate('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run simulate -- --minutes 30');
  });

  it.each([
    [['--seeds', 'many'], '--seeds: must be a whole number of at least 1.'],
    [['--minutes', '-1'], '--minutes: must be a number greater than 0.'],
    [['--seed', '1', '--mutants'], 'use either --seed or --mutants, not both.'],
    [['--mutant', 'x.patch', '--mutants'], 'use either --mutant or --mutants, not both.'],
    [['--minutes', '1', '--mutants'], 'use --seeds instead.'],
    [['--sead', '1'], "unknown option '--sead'"],
    [['7'], 'too many arguments'],
  ])('rejects %j with a message', async (argv, message) => {
    const { code, stderr } = await simulate(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('names a patch that does not exist', async () => {
    const { code, stderr } = await simulate('--mutant', 'nowhere.patch');
    expect(code).toBe(1);
    expect(stderr).toMatch(/Patch not found: .*nowhere\.patch\./);
  });
});
