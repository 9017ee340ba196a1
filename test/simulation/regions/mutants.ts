import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The planted bugs that the search must find, the simulated worlds, or those of a day's budget, as paths of patches in order. */
export async function mutantsOf(kind: 'search' | 'worlds' | 'spending'): Promise<readonly string[]> {
  const folder = fileURLToPath(new URL(`./mutants/${kind}`, import.meta.url));
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => join(folder, name));
}
