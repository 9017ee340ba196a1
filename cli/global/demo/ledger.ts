import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The model's ledger: what was really called, whatever the fleet says. */
const lineSchema = z.object({
  /** When the answer was ready. */
  time: z.iso.datetime(),
  /** When the call arrived, in milliseconds since 1970. */
  arrivedMs: z.number(),
  model: z.string(),
  stepId: z.string().nullable(),
  usage: z.object({ input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() }),
});
export type ModelCall = z.infer<typeof lineSchema>;

export const readLedger = (file: string): ModelCall[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => lineSchema.parse(JSON.parse(line)));

/** When a region was lost, or was cut off: what it did in that time may have been done again elsewhere. */
export interface Loss {
  readonly from: number;
  readonly to: number;
}

/** How often a step was called again. */
export interface Repeats {
  /** Although no call of it was in flight when a region was lost. */
  readonly beyond: number;
  /** Since its call was in flight when a region was lost. */
  readonly inFlight: number;
}

/**
 * Counts calls that repeat a step. The answer to a call that was in flight when a region was lost may never have reached its
 * region's store, or never have left it.
 * @param lagMs how long what a region stored is on its way to the others
 */
export function repeatsOf(calls: readonly ModelCall[], losses: readonly Loss[], lagMs: number): Repeats {
  let [beyond, inFlight] = [0, 0];
  for (const [, of] of Map.groupBy(
    calls.filter(({ stepId }) => stepId !== null),
    ({ stepId }) => stepId,
  )) {
    const inOrder = of.toSorted((a, b) => a.arrivedMs - b.arrivedMs);
    // Each loss excuses one repetition.
    const left = new Set(losses);
    for (const call of inOrder.slice(0, -1)) {
      const loss = [...left].find(
        ({ from, to }) => call.arrivedMs <= to && new Date(call.time).getTime() + lagMs >= from,
      );
      if (loss === undefined) beyond += 1;
      else {
        inFlight += 1;
        left.delete(loss);
      }
    }
  }
  return { beyond, inFlight };
}

/** List prices in US dollars per million tokens. */
const PRICES: Readonly<Record<string, { readonly input: number; readonly output: number }>> = {
  'claude-haiku-5-5': { input: 0.1, output: 0.5 },
  'claude-sonnet-5-5': { input: 2, output: 10 },
  'claude-opus-5-5': { input: 4, output: 20 },
};
const CACHE_READ = 0.05;
const CACHE_WRITE = 1.25;

/** What the calls of each task cost, by the ledger's tokens and the list prices. */
export function costByTask(calls: readonly ModelCall[]): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const { stepId, model, usage } of calls) {
    const price = PRICES[model.replace(/-simulated$/, '')];
    if (stepId === null || price === undefined) continue;
    const task = stepId.slice(0, stepId.lastIndexOf('/'));
    const input = usage.input + usage.cacheRead * CACHE_READ + usage.cacheWrite * CACHE_WRITE;
    const usd = (input * price.input + usage.output * price.output) / 1e6;
    costs.set(task, (costs.get(task) ?? 0) + usd);
  }
  return costs;
}
