import { awsDollars, sumOf, tokenDollars } from './dollars.ts';
import { USUAL, type Workload } from './workload.ts';

/** Something that makes tasks cheaper. */
export interface Lever {
  readonly name: string;
  readonly how: string;
  readonly change: Partial<Workload>;
}

const LEVERS: readonly Lever[] = [
  {
    name: 'A smaller model',
    how: '`tier: fast` in the agent; it can still [upgrade](adr/0019-tiers.md) a hard task',
    change: { tier: 'fast' },
  },
  {
    name: 'Message Batches',
    how: '`priority: economy`, if a day is soon enough ([economy](economy.md))',
    change: { economy: true },
  },
  {
    name: 'Prompt caching',
    how: 'what all tasks share comes first: here 80 % of the input is read from the cache',
    change: { cachedShare: 0.8 },
  },
  {
    name: 'Shorter answers',
    how: 'an output schema without prose: here half of the output',
    change: { outputTokens: USUAL.outputTokens / 2 },
  },
  {
    name: 'Shorter prompts',
    how: 'tools instead of documents in the prompt: here half of the input',
    change: { inputTokens: USUAL.inputTokens / 2 },
  },
  { name: 'No reads', how: '[callbacks](callbacks.md) instead of a GET for each task', change: { readsPerTask: 0 } },
  { name: 'Ten tasks a worker', how: '`tasksPerWorker: 10`, for agents without tools', change: { tasksPerWorker: 10 } },
];

/** What a lever saves. */
export interface Saving {
  readonly lever: Lever;
  readonly usd: number;
  readonly percent: number;
}

/** Returns the levers that save most, each on its own. */
export function bestLevers(workload: Workload, tasks: number, count: number): readonly Saving[] {
  const before = totalDollars(workload, tasks);
  return LEVERS.map((lever) => {
    const usd = before - totalDollars({ ...workload, ...lever.change }, tasks);
    return { lever, usd, percent: (usd / before) * 100 };
  })
    .toSorted((one, other) => other.usd - one.usd)
    .slice(0, count);
}

export const totalDollars = (workload: Workload, tasks: number): number =>
  sumOf(awsDollars(workload, tasks)) + tokenDollars(workload, workload.tier, tasks);
