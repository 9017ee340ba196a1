import { z } from 'zod';
import { modelEntry, type Catalogue, type Price } from './catalogue.ts';

/** Tokens of one or more calls, in the counters of the Claude API; `input` excludes what the cache read or wrote. */
export const usageSchema = z.object({
  input: z.number().int().nonnegative(),
  output: z.number().int().nonnegative(),
  cacheRead: z.number().int().nonnegative(),
  cacheWrite: z.number().int().nonnegative(),
  /** Web searches, each with a fee. Absent for none. */
  searches: z.number().int().nonnegative().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  const searches = (a.searches ?? 0) + (b.searches ?? 0);
  return {
    ...a,
    ...(searches > 0 && { searches }),
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
  };
}

/** The sum of all tokens of a usage. */
export const tokensOf = (usage: Usage): number => usage.input + usage.output + usage.cacheRead + usage.cacheWrite;

/** Rounded up to a billionth of a dollar, so that sums of many small costs never fall below the true cost. */
export const roundUsd = (usd: number): number => Math.ceil(usd * 1e9 - 1e-6) / 1e9;

/** US dollars that a usage costs at list price, with the fees of its searches. */
export function costUsd(catalogue: Catalogue, model: string, usage: Usage): number {
  const price = priceFor(catalogue, model, usage.input + usage.cacheRead + usage.cacheWrite);
  return roundUsd(
    (usage.input * price.input +
      usage.output * price.output +
      usage.cacheRead * price.cacheRead +
      usage.cacheWrite * price.cacheWrite) /
      1e6 +
      (usage.searches ?? 0) * catalogue.search.usd,
  );
}

/** The price that applies to a prompt of this many tokens. */
export function priceFor(catalogue: Catalogue, model: string, promptTokens: number): Price {
  const entry = modelEntry(catalogue, model);
  return entry.longPrompt && promptTokens > entry.longPrompt.above ? entry.longPrompt.price : entry.price;
}

/**
 * US dollars that caching saved on a usage: what its cached tokens would have cost as plain input, less what reading
 * and writing them did. Negative when the premium of the writes was higher.
 */
export function savedUsd(catalogue: Catalogue, model: string, usage: Usage): number {
  const price = priceFor(catalogue, model, usage.input + usage.cacheRead + usage.cacheWrite);
  const saved = usage.cacheRead * (price.input - price.cacheRead) - usage.cacheWrite * (price.cacheWrite - price.input);
  return Math.round(saved * 1e3) / 1e9 + 0;
}

/** The sum of two savings, rounded to a billionth of a dollar. Never minus zero. */
export const addSaved = (a: number, b: number): number => Math.round((a + b) * 1e9) / 1e9 + 0;
