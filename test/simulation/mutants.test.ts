import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedMutants, tryMutants, type MutantResult } from './program/mutants.ts';
import { describePatch, PatchedCore } from './program/patched-core.ts';

const patches = await shippedMutants();

describe('planted bugs', () => {
  let results: readonly MutantResult[] = [];
  beforeAll(async () => {
    results = await tryMutants(patches, { from: 1, seeds: 20_000, threads: 2 }, () => undefined);
  }, 400_000);

  it('are many, and each says which promise it breaks', async () => {
    expect(patches.length).toBeGreaterThan(50);
    for (const patch of patches) expect(await describePatch(patch)).toMatch(/\((I\d+(, )?)+\)\.$/);
  });

  it.each(patches.map((patch) => basename(patch, '.patch')))('%s is caught', (name) => {
    const result = results.find((candidate) => candidate.name === name);
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
