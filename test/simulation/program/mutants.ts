import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describePatch, PatchedCore } from './patched-core.ts';
import { searchOn } from './search.ts';
import { SeedThread } from './seed-thread.ts';

const FOLDER = fileURLToPath(new URL('../mutants', import.meta.url));

/**
 * Seeds whose worlds have shown rare bugs, tried before all others: together they have caught each shipped mutant
 * once. They prove nothing by themselves: a seed catches a mutant here only if a check fails when it runs.
 */
const TELLING_SEEDS: readonly number[] = [
  1, 2, 3, 4, 6, 11, 21, 23, 24, 27, 29, 30, 38, 39, 42, 44, 63, 68, 70, 72, 80, 101, 132, 158, 188, 190, 242, 283, 333,
  385, 414, 425, 542, 663, 716, 1052, 1094, 1112, 1664, 2565,
];

/** What became of a planted bug. */
export interface MutantResult {
  readonly name: string;
  /** The promise it breaks, as the patch says. */
  readonly breaks: string;
  /** The seed that showed it, and how; null: it survived. */
  readonly caught: { readonly seed: number; readonly check: string; readonly what: string } | null;
  /** Seeds it took, or all that were tried. */
  readonly seeds: number;
  readonly ms: number;
}

/** The patches that come with the simulation, in the order of their names. */
export async function shippedMutants(): Promise<readonly string[]> {
  const names = await readdir(FOLDER);
  return names
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => join(FOLDER, name));
}

/** Plants one bug in a copy of the core, and searches seeds until one shows it. */
async function tryMutant(
  thread: SeedThread,
  patch: string,
  search: { readonly seeds: number; readonly from: number },
): Promise<MutantResult> {
  const breaks = await describePatch(patch);
  await using core = await PatchedCore.make(patch);
  const { failure, seeds, ms } = await searchOn([thread], { root: core.root, first: TELLING_SEEDS, ...search });
  const caught = failure?.violation ? { seed: failure.seed, ...failure.violation } : null;
  return { name: basename(patch, '.patch'), breaks, caught, seeds, ms };
}

/** Tries mutants, so many at once, and hands each result over as soon as it is there. */
export async function tryMutants(
  patches: readonly string[],
  search: { readonly seeds: number; readonly from: number; readonly threads: number },
  done: (result: MutantResult) => void,
): Promise<readonly MutantResult[]> {
  const results: MutantResult[] = [];
  const queue = patches.values();
  const worker = async (): Promise<void> => {
    await using thread = new SeedThread();
    for (const patch of queue) {
      const result = await tryMutant(thread, patch, search);
      results.push(result);
      done(result);
    }
  };
  await Promise.all(Array.from({ length: search.threads }, worker));
  return results.sort((a, b) => a.name.localeCompare(b.name));
}
