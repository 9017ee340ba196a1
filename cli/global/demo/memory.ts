import { readFileSync } from 'node:fs';

const KIB_PER_MIB = 1_024;

/**
 * The MiB that processes take together: the proportional set size counts shared pages once. Null where the system does not say,
 * which only Linux does.
 */
export function memoryMiB(pids: readonly number[]): number | null {
  const sizes = pids.flatMap((pid) => pssKiB(pid) ?? []);
  return sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0) / KIB_PER_MIB;
}

function pssKiB(pid: number): number | null {
  try {
    const size = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return size === undefined ? null : Number(size);
  } catch {
    return null;
  }
}
