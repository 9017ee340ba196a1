import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of CPU time by component. */
export type ProcessorTime = Readonly<Record<string, number>>;

/** `/proc` counts in ticks of 10 ms: USER_HZ is 100 on every Linux that Node supports (man 5 proc_pid_stat). */
const TICK_MS = 10;

/** Components by thread name. Linux cuts names after 15 characters. */
const COMPONENTS: readonly (readonly [RegExp, string])[] = [
  [/^fleet-dev-/, 'functions'],
  [/^pdf-reader/, 'PDF readers'],
  [/^simulated-clau/, 'simulated Claude'],
  [/^(node|MainThread)/, 'local cloud and command line'],
  [/^V8Worker/, "V8's compiler and garbage collector"],
  [/^libuv-worker/, 'files and digests'],
];

/** Returns the CPU time of this process. Without `/proc`, only the total. `others` includes threads that have ended. */
export function processorTime(): ProcessorTime {
  const { user, system } = process.cpuUsage();
  const total = (user + system) / 1000;
  if (!existsSync('/proc/self/task')) return { total };
  const times: Record<string, number> = {};
  for (const id of readdirSync('/proc/self/task')) {
    const thread = readThread(`/proc/self/task/${id}/stat`);
    if (thread === undefined) continue;
    const component = COMPONENTS.find(([name]) => name.test(thread.name))?.[1] ?? 'others';
    times[component] = (times[component] ?? 0) + thread.ms;
  }
  const known = Object.values(times).reduce((sum, ms) => sum + ms, 0);
  return { total, ...times, others: Math.max(0, total - known + (times['others'] ?? 0)) };
}

/** Returns the CPU milliseconds of this process's threads of a name. Those that have ended are not counted. */
export function threadTime(name: RegExp): number {
  return readdirSync('/proc/self/task')
    .flatMap((id) => readThread(`/proc/self/task/${id}/stat`) ?? [])
    .reduce((sum, thread) => sum + (name.test(thread.name) ? thread.ms : 0), 0);
}

/** Reads a thread's name and CPU time. Undefined if the thread has just ended. */
function readThread(file: string): { readonly name: string; readonly ms: number } | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  // The name is in parentheses and can contain any character. User and system time are fields 14 and 15.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const name = text.slice(text.indexOf('(') + 1, end);
  return { name, ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
}

/** Returns the difference between two measurements, rounded to whole milliseconds. */
export function since(before: ProcessorTime, after: ProcessorTime): ProcessorTime {
  return Object.fromEntries(
    Object.entries(after).map(([component, ms]) => [component, Math.max(0, Math.round(ms - (before[component] ?? 0)))]),
  );
}
