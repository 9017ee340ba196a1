import { readdirSync, readFileSync } from 'node:fs';

const THREADS = '/proc/self/task';

/**
 * Seconds for which this process's threads of a name, at most 15 characters, were ready to run while other work had the
 * processors. Linux counts them, in nanoseconds. Elsewhere 0.
 */
export function waitedForProcessor(name: string): number {
  if (process.platform !== 'linux') return 0;
  return readdirSync(THREADS).reduce((sum, thread) => sum + waitOf(`${THREADS}/${thread}`, name), 0);
}

function waitOf(thread: string, name: string): number {
  try {
    if (readFileSync(`${thread}/comm`, 'utf8').trim() !== name) return 0;
    return Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[1]) / 1e9;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
