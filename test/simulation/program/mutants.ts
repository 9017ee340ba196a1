import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '#cli/user-error.ts';
import { describePatch, PatchedCore, PROJECT } from './patched-core.ts';
import { searchOn } from './search.ts';
import { SeedThread } from './seed-thread.ts';

const FOLDER = fileURLToPath(new URL('../mutants', import.meta.url));

/**
 * Seeds whose worlds have shown rare bugs before. They run first, because together they have caught each shipped mutant
 * once. A seed still catches a mutant only if a check fails when it runs.
 */
const TELLING_SEEDS: readonly number[] = [
  1, 2, 3, 4, 6, 11, 21, 23, 24, 27, 29, 30, 38, 39, 42, 44, 63, 68, 70, 72, 80, 101, 132, 158, 188, 190, 242, 283, 333,
  385, 414, 425, 542, 663, 716, 1052, 1094, 1112, 1664, 2565,
  // With a rollout (`world/versions.ts`).
  20, 818, 3892, 11741, 17174,
  // The worlds of one area each (`world/areas`).
  12, 43, 49, 55, 79, 81, 85, 137, 169, 281, 308, 354, 468, 548, 572, 626, 653, 715, 739, 749, 1001, 1438, 1552, 2132,
  2293, 2922, 3258, 4417, 5828, 6056, 7592, 7614, 9289, 10258, 10635, 13599, 16729, 1138035,
  // With trees (`world/areas/worlds.ts`).
  26, 86, 166, 365, 2187, 3022, 3867, 5883, 11040, 55614,
  // With streams (`world/areas/streams-plan.ts`).
  9, 133, 175, 279, 330, 356, 368, 991,
];

/** The result of planting one bug. */
export interface MutantResult {
  readonly name: string;
  /** The patch's description: which invariant it breaks. */
  readonly breaks: string;
  /** The seed that caught it, and how. Null if it survived. */
  readonly caught: { readonly seed: number; readonly check: string; readonly what: string } | null;
  /** Seeds that ran until it was caught, or all of them. */
  readonly seeds: number;
  readonly ms: number;
}

/** The shipped patches, ordered by name. */
export async function shippedMutants(): Promise<readonly string[]> {
  const names = await readdir(FOLDER);
  return names
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => join(FOLDER, name));
}

/** Plants one bug in a copy of the core and runs seeds until one catches it. */
async function tryMutant(
  thread: SeedThread,
  patch: string,
  search: { readonly seeds: number; readonly from: number },
): Promise<MutantResult> {
  const breaks = await describePatch(patch);
  await using core = await PatchedCore.make(patch);
  const { failure, seeds, ms } = await searchOn([thread], { root: core.root, first: TELLING_SEEDS, ...search });
  const caught = failure?.violation ? { seed: failure.seed, ...failure.violation } : null;
  if (caught) await mustPassWithout(thread, caught.seed);
  return { name: basename(patch, '.patch'), breaks, caught, seeds, ms };
}

/** Throws if the shipped core breaks an invariant with this seed: then it has caught no mutant. */
async function mustPassWithout(thread: SeedThread, seed: number): Promise<void> {
  const { failure } = await searchOn([thread], { root: PROJECT, from: seed, seeds: 1 });
  if (!failure) return;
  throw new UserError(
    `Seed ${seed} breaks ${failure.violation?.check} without a mutant, too, so it catches none.`,
    `Replay it: npm run simulate -- --seed ${seed}`,
  );
}

/** Tries `threads` mutants at a time, and passes each result to `done` as soon as it is known. */
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
