import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time by what the threads do. */
export type ProcessorTime = Readonly<Record<string, number>>;

/** `/proc` counts in ticks of 10 ms: USER_HZ is 100 on every Linux that Node supports (man 5 proc_pid_stat). */
const TICK_MS = 10;

/** Thread names by what runs on them; Linux cuts names after 15 characters. */
const COMPONENTS: readonly (readonly [RegExp, string])[] = [
  [/^fleet-dev-/, 'functions'],
  [/^simulated-clau/, 'simulated Claude'],
  [/^(node|MainThread)/, 'local cloud and command line'],
  [/^V8Worker/, "V8's compiler and garbage collector"],
  [/^libuv-worker/, 'files and digests'],
];

/** What this process used so far. Where there is no `/proc`, only the sum; threads that ended are in `others`. */
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

/** Undefined for a thread that has just ended. */
function readThread(file: string): { readonly name: string; readonly ms: number } | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  // The name is in brackets and may hold anything; user and system time are the 14th and 15th field.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const name = text.slice(text.indexOf('(') + 1, end);
  return { name, ms: (Number(fields[11]) + Number(fields[12])) * TICK_MS };
}

/** What was used between two looks, rounded to whole milliseconds. */
export function since(before: ProcessorTime, after: ProcessorTime): ProcessorTime {
  return Object.fromEntries(
    Object.entries(after).map(([component, ms]) => [component, Math.max(0, Math.round(ms - (before[component] ?? 0)))]),
  );
}
