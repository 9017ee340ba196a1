import { execFile } from 'node:child_process';
import { glob, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import { shippedMutants, tryMutants } from './program/mutants.ts';
import { describePatch, PatchedCore } from './program/patched-core.ts';

const run = promisify(execFile);
const patches = await shippedMutants();
/** `mutants.nightly.test.ts` tries all of them. */
const sample = patches.filter((_, index) => index % 15 === 0);

describe('planted bugs', () => {
  it('are many, and each names the invariant it breaks', async () => {
    expect(patches.length).toBeGreaterThan(50);
    for (const patch of patches) expect(await describePatch(patch)).toMatch(/\(([A-Z]\d+(, )?)+\)\.$/);
  });

  it('apply, those of the adapters too, although most are tried by the long tests alone', async () => {
    const own = await Array.fromAsync(glob('test/contract/mutants/*.patch'));
    const stale: string[] = [];
    const check = ['apply', '--check', '-p1', '-C1', '--recount'];
    await inParallel([...patches, ...own], async (patch) => {
      await run('git', [...check, patch]).catch(() => stale.push(basename(patch)));
    });
    expect(own.length).toBeGreaterThan(40);
    expect(stale).toEqual([]);
  });

  it.each(sample.map((patch) => [basename(patch, '.patch'), patch] as const))('%s is caught', async (_, patch) => {
    const [result] = await tryMutants([patch], { seeds: 20_000, from: 1, threads: 1 }, () => undefined);
    expect(result?.caught, `${result?.breaks} It survived ${result?.seeds} seeds.`).toBeTruthy();
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

  it('is rejected when it no longer applies', async () => {
    const patch = await written(diffOf('core/tasks/claim.ts', 'this line is not there'));
    await expect(PatchedCore.make(patch)).rejects.toThrow('no longer applies to core/');
  });

  it('is rejected when it changes a file outside core/', async () => {
    const patch = await written(diffOf('cli/up.ts', 'anything'));
    await expect(PatchedCore.make(patch)).rejects.toThrow('changes cli/up.ts, which the simulation does not run');
  });

  it('is rejected when it changes nothing', async () => {
    const patch = await written('Only text.\n');
    await expect(PatchedCore.make(patch)).rejects.toThrow('changes no file');
  });

  it('is named when it does not exist', async () => {
    await expect(PatchedCore.make(join(folder, 'none.patch'))).rejects.toThrow('Patch not found');
  });
});
