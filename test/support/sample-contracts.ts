import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The program of the documents system that writes sample contracts. Run as a program, no test depends on an example. */
const GENERATE = 'systems/documents/samples/generate.ts';

export interface SampleOptions {
  readonly count: number;
  readonly broken: number;
  readonly seed: number;
}

/** Writes sample contracts to a folder. */
export async function sampleContracts(folder: string, { count, broken, seed }: SampleOptions): Promise<void> {
  const options = ['--count', String(count), '--broken', String(broken), '--seed', String(seed)];
  await promisify(execFile)(process.execPath, [GENERATE, folder, ...options]);
}

/** The bytes of sample contracts, by file name. */
export async function contractsInMemory(options: SampleOptions): Promise<ReadonlyMap<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-samples-'));
  try {
    const contracts = join(folder, 'contracts');
    await sampleContracts(contracts, options);
    const files = (await readdir(contracts)).filter((file) => file.endsWith('.pdf')).toSorted();
    return new Map(
      await Promise.all(files.map(async (file) => [file, await readFile(join(contracts, file))] as const)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
