import { readdirSync, readFileSync } from 'node:fs';

/** `/proc` counts in ticks of 10 ms: USER_HZ is 100 on every Linux that Node supports (man 5 proc_pid_stat). */
const TICK_MS = 10;
const KIB_A_MIB = 1024;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

/** Returns the processor time, user and system, in milliseconds, of these processes and all their descendants. */
export const cpuOf = (roots: readonly number[]): number =>
  treeOf(readStats(), roots).reduce((sum, { cpuMs }) => sum + cpuMs, 0);

/** Returns the MiB of these processes and all their descendants: the proportional set size counts shared pages once. */
export const memoryOf = (roots: readonly number[]): number =>
  treeOf(readStats(), roots).reduce((sum, { pid }) => sum + pssKiB(pid), 0) / KIB_A_MIB;

/** Returns the ids of these processes and all their descendants. */
export const pidsOf = (roots: readonly number[]): readonly number[] => treeOf(readStats(), roots).map(({ pid }) => pid);

/** The processes below the roots, each once. */
export function treeOf(stats: readonly Stat[], roots: readonly number[]): readonly Stat[] {
  const children = Map.groupBy(stats, ({ parent }) => parent);
  const found = new Map<number, Stat>();
  const queue = stats.filter(({ pid }) => roots.includes(pid));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next.pid)) continue;
    found.set(next.pid, next);
    queue.push(...(children.get(next.pid) ?? []));
  }
  return [...found.values()];
}

/** Parses a line of `/proc/PID/stat`. The name is in parentheses and can contain any character. */
export function parseStat(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Fields 14 to 17 of the manual: its own user and system time, and that of its ended children.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(text, 10), parent: Number(fields[1]), cpuMs: ticks * TICK_MS };
}

const readStats = (): Stat[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const text = read(`/proc/${pid}/stat`);
      return text === null ? [] : [parseStat(text)];
    });

const pssKiB = (pid: number): number =>
  Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);

/** Null if the process has just ended. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
