import { globSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The parts of a test over the whole fleet: each system that has `test/<file>` exports its own as `part`. The test thus
 * names no system, and holds when one is removed.
 */
export async function partsOf<Part>(file: string): Promise<readonly Part[]> {
  const found = globSync(`systems/*/test/${file}`).toSorted();
  return Promise.all(found.map(async (path) => ((await import(resolve(path))) as { readonly part: Part }).part));
}
