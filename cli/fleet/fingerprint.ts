import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT, sha256 } from './paths.ts';

/**
 * A hash of all files below the project's `sources`, without tests. It changes with any of them.
 * @param sources files and folders; one that does not exist counts as empty
 */
export const fingerprintOf = (sources: readonly string[]): string =>
  sha256(sources.flatMap((source) => fingerprints(join(PROJECT, source))).join('\n'));

function fingerprints(path: string): string[] {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return [];
  if (!info.isDirectory()) return [`${path} ${sha256(readFileSync(path))}`];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'test')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => fingerprints(join(path, entry.name)));
}
