import { execFile } from 'node:child_process';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { shippedMutants } from './program/mutants.ts';
import { describePatch, PatchedCore } from './program/patched-core.ts';

const run = promisify(execFile);
const PROGRAM = new URL('./simulate.ts', import.meta.url).pathname;
const patches = await shippedMutants();

const caught = z.object({ seed: z.number(), check: z.string(), what: z.string() });
const resultsSchema = z.object({
  mutants: z.array(z.object({ name: z.string(), breaks: z.string(), seeds: z.number(), caught: caught.nullable() })),
  survivors: z.array(z.string()),
});

/** As anybody runs it: `npm run simulate -- --mutants --json`. One that survives makes its exit code 1. */
async function tryAll(): Promise<z.infer<typeof resultsSchema>> {
  const ended = await run(process.execPath, [PROGRAM, '--mutants', '--json']).catch((error: unknown) => error);
  const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(ended);
  // Without results it says on stderr why, such as which patch no longer applies.
  if (stdout === '') throw new Error(stderr);
  return resultsSchema.parse(JSON.parse(stdout));
}

describe('planted bugs', () => {
  let results: z.infer<typeof resultsSchema> = { mutants: [], survivors: [] };
  beforeAll(async () => {
    results = await tryAll();
  }, 240_000);

  it('are many, and each says which promise it breaks', async () => {
    expect(patches.length).toBeGreaterThan(50);
    for (const patch of patches) expect(await describePatch(patch)).toMatch(/\(([ID]\d+(, )?)+\)\.$/);
  });

  it.each(patches.map((patch) => basename(patch, '.patch')))('%s is caught', (name) => {
    const result = results.mutants.find((candidate) => candidate.name === name);
    expect(result?.caught, `${result?.breaks} It survived ${result?.seeds} seeds.`).toBeTruthy();
    expect(results.survivors).not.toContain(name);
  });
});

describe('a patch', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agent-fleet-patch-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const written = async (diff: string): Promise<string> => {
    const file = join(folder, 'own.patch');
    await writeFile(file, diff);
    return file;
  };
  const diffOf = (path: string, line: string): string =>
    `--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,2 @@\n-${line}\n+export {};\n \n`;

  it('that no longer applies says so', async () => {
    const patch = await written(diffOf('core/tasks/claim.ts', 'this line is not there'));
    await expect(PatchedCore.make(patch)).rejects.toThrow('no longer applies to core/');
  });

  it('of something else than the core is refused', async () => {
    const patch = await written(diffOf('cli/up.ts', 'anything'));
    await expect(PatchedCore.make(patch)).rejects.toThrow('changes cli/up.ts, which the simulation does not run');
  });

  it('without a change is refused', async () => {
    const patch = await written('Just words.\n');
    await expect(PatchedCore.make(patch)).rejects.toThrow('changes no file');
  });

  it('that is not there is named', async () => {
    await expect(PatchedCore.make(join(folder, 'none.patch'))).rejects.toThrow('There is no patch');
  });
});
