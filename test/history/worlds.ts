import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { appendTo } from '#cli/global/lease-history/lines.ts';
import type { RegionsCore } from '../simulation/regions/core.ts';
import { runGlobalSeed } from '../simulation/regions/world/world.ts';

export interface RecordWorlds {
  readonly core: RegionsCore;
  /** Emptied first. */
  readonly folder: string;
  readonly from: number;
  readonly worlds: number;
  readonly onWorld?: (seed: number) => void;
}

/** Runs worlds of three regions and records their leases. Returns one file per seed. */
export async function recordWorlds({ core, folder, from, worlds, onWorld }: RecordWorlds): Promise<readonly string[]> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (let seed = from; seed < from + worlds; seed += 1) {
    onWorld?.(seed);
    const file = join(folder, `seed-${seed}.jsonl`);
    using record = appendTo(file);
    await runGlobalSeed(core, seed, { record });
    files.push(file);
  }
  return files;
}
