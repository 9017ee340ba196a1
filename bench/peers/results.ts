import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg, release, type } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '#cli/fleet/paths.ts';
import { UserError } from '#cli/user-error.ts';
import { withTables } from '../markdown.ts';
import { peersReport, type Results } from './report.ts';
import type { Job, Measured } from './measure-peer.ts';
import type { Peer } from './peer.ts';
import { outputOf } from './versions.ts';

const FOLDER = join(import.meta.dirname, 'results');

/** Other work on the machine would be part of the figures. */
const MAX_LOAD = 1;

/** The load average of the last minute. */
export const load = (): number => loadavg()[0] ?? Number.NaN;

/** Throws a `UserError` if other programs use the machine. */
export function checkQuiet(loadBefore: number): void {
  if (loadBefore > MAX_LOAD)
    throw new UserError(
      `Results are not saved from a busy machine: its load is ${loadBefore.toFixed(1)}, more than ${MAX_LOAD}.`,
      'Stop other programs and wait a minute, or measure without --save.',
    );
}

/** The figures of all rounds, with the versions of the peers and the machine. */
export function collect(job: Job, measured: ReadonlyMap<Peer, readonly Measured[]>, loadBefore: number): Results {
  return {
    date: new Date().toISOString().slice(0, 10),
    job,
    machine: {
      lscpu: outputOf('lscpu'),
      node: process.version,
      kernel: `${type()} ${release()}`,
      memory: /MemTotal:\s+(.*)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 'unknown',
    },
    loadBefore,
    peers: [...measured].map(([peer, rounds]) => ({
      name: peer.name,
      setup: peer.setup,
      lacks: peer.lacks,
      writes: peer.writes,
      versions: peer.versions(),
      rounds: rounds.map(({ figures }) => figures),
      problems: rounds.flatMap(({ problems }) => problems),
    })),
  };
}

/** Writes the raw figures, and the tables of docs/benchmarks.md. Returns the path. */
export function saveResults(results: Results): string {
  const file = join(FOLDER, `${results.date}.json`);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  const page = join(PROJECT, 'docs/benchmarks.md');
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), { peers: peersReport(results) }));
  return file;
}

/** The newest saved measurement; null without any. */
export function newestResults(): Results | null {
  const newest = globSync('*.json', { cwd: FOLDER }).toSorted().at(-1);
  return newest === undefined ? null : (JSON.parse(readFileSync(join(FOLDER, newest), 'utf8')) as Results);
}
