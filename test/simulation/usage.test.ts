import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
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
  it('runs seeds and says that nothing was broken', async () => {
    const { code, stdout } = await simulate('--seeds', '60');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^60 seeds, [\d,]+ effects checked/m);
    expect(stdout).toContain('No invariant was broken.');
  });

  it('replays a seed with a line an event', async () => {
    const { code, stdout } = await simulate('--seed', '7');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\+0:\d\d:\d\d\.\d{3} {2}worker 1 +store\.replace +t1 v2, running, epoch 1/m);
    expect(stdout).toMatch(/^Seed 7 broke no invariant/m);
  });

  it('replays a seed of a mutant, and ends with what it broke', async () => {
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

  it('gives examples', async () => {
    const { code, stdout } = await simulate('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('npm run simulate -- --minutes 30');
  });

  it.each([
    [['--seeds', 'many'], '--seeds: must be a whole number from 1 on.'],
    [['--minutes', '-1'], '--minutes: must be a number above 0.'],
    [['--seed', '1', '--mutants'], 'give either --seed or --mutants, not both.'],
    [['--mutant', 'x.patch', '--mutants'], 'give either --mutant or --mutants, not both.'],
    [['--sead', '1'], "unknown option '--sead'"],
    [['7'], 'too many arguments'],
  ])('says in words what is wrong with %j', async (argv, words) => {
    const { code, stderr } = await simulate(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('names a patch that is not there', async () => {
    const { code, stderr } = await simulate('--mutant', 'nowhere.patch');
    expect(code).toBe(1);
    expect(stderr).toMatch(/There is no patch .*nowhere\.patch\./);
  });
});
