import { z } from 'zod';

/** Prices in US dollars per million tokens. */
const priceSchema = z.object({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  /** A cached prefix read again. */
  cacheRead: z.number().nonnegative(),
  /** A prefix written to the five-minute cache. */
  cacheWrite: z.number().nonnegative(),
});
export type Price = z.infer<typeof priceSchema>;

const modelSchema = z.object({
  price: priceSchema,
  /** Prompts longer than `above` tokens are billed entirely at `price`. */
  longPrompt: z.object({ above: z.number().int().positive(), price: priceSchema }).optional(),
  /** Share of the list price that Message Batches cost. */
  batchShare: z.number().min(0).max(1),
  /** Most output tokens one call may ask for. */
  maxOutputTokens: z.number().int().positive(),
});
export type ModelEntry = z.infer<typeof modelSchema>;

/** The provider's own web search. */
const searchSchema = z.object({
  /** US dollars per search, beside the tokens. Message Batches cost no less. */
  usd: z.number().nonnegative(),
  /** The most input tokens that the results of one search add to the prompt. */
  inputTokens: z.number().int().positive(),
});
export type SearchEntry = z.infer<typeof searchSchema>;

export const tierSchema = z.enum(['fast', 'balanced', 'deep']);
export type Tier = z.infer<typeof tierSchema>;

export const catalogueSchema = z.object({
  /** The day the prices were read, YYYY-MM-DD. */
  asOf: z.iso.date(),
  models: z.record(z.string(), modelSchema),
  search: searchSchema,
  tiers: z.record(tierSchema, z.string()),
});
export type Catalogue = z.infer<typeof catalogueSchema>;

/** Cache reads cost 0.05 of input, five-minute cache writes 1.25 of it. */
const priced = (input: number, output: number): Price => ({
  input,
  output,
  cacheRead: input * 0.05,
  cacheWrite: input * 1.25,
});

/**
 * A search costs $10 per 1,000. The API documents no bound of what its results add to the prompt: the number is assumed,
 * as ten results of 1,200 tokens.
 */
const SEARCH: SearchEntry = { usd: 0.01, inputTokens: 12_000 };

/**
 * List prices of the Claude API in November 2026; Message Batches cost half.
 * Override with `withOverrides` when your contract or the list says otherwise.
 */
export const CATALOGUE: Catalogue = {
  asOf: '2026-11-01',
  models: {
    'claude-haiku-5-5': {
      price: priced(0.1, 0.5),
      longPrompt: { above: 100_000, price: priced(0.5, 2.5) },
      batchShare: 0.5,
      maxOutputTokens: 64_000,
    },
    'claude-sonnet-5-5': { price: priced(2, 10), batchShare: 0.5, maxOutputTokens: 64_000 },
    'claude-opus-5-5': { price: priced(4, 20), batchShare: 0.5, maxOutputTokens: 64_000 },
    'claude-fable-5-1': { price: priced(10, 50), batchShare: 0.5, maxOutputTokens: 64_000 },
  },
  search: SEARCH,
  tiers: { fast: 'claude-haiku-5-5', balanced: 'claude-sonnet-5-5', deep: 'claude-opus-5-5' },
};

export const overridesSchema = catalogueSchema.partial().extend({
  tiers: z.partialRecord(tierSchema, z.string()).optional(),
});

/** The catalogue with some entries replaced; throws a `ZodError` or an `Error` that names a tier without a model. */
export function withOverrides(base: Catalogue, overrides: z.infer<typeof overridesSchema>): Catalogue {
  const merged = catalogueSchema.parse({
    asOf: overrides.asOf ?? base.asOf,
    models: { ...base.models, ...overrides.models },
    search: overrides.search ?? base.search,
    tiers: { ...base.tiers, ...overrides.tiers },
  });
  for (const [tier, model] of Object.entries(merged.tiers)) {
    if (merged.models[model] === undefined)
      throw new Error(`tiers.${tier}: model "${model}" has no entry in models. Add one with its price.`);
  }
  return merged;
}

/** The models that the tiers use, each once. Throws as `withOverrides` does. @param overrides of the configuration */
export function tierModels(overrides: unknown): readonly string[] {
  return [...new Set(Object.values(withOverrides(CATALOGUE, overridesSchema.parse(overrides)).tiers))];
}

/** The catalogue at the prices of Message Batches. Searches cost there what they always do. */
export function batchPrices(catalogue: Catalogue): Catalogue {
  const models = Object.entries(catalogue.models).map(([name, entry]) => [name, atShare(entry)] as const);
  return { ...catalogue, models: Object.fromEntries(models) };
}

function atShare(entry: ModelEntry): ModelEntry {
  const { batchShare: share, price, longPrompt } = entry;
  return {
    ...entry,
    price: timesShare(price, share),
    ...(longPrompt && { longPrompt: { ...longPrompt, price: timesShare(longPrompt.price, share) } }),
  };
}

const timesShare = ({ input, output, cacheRead, cacheWrite }: Price, share: number): Price => ({
  input: input * share,
  output: output * share,
  cacheRead: cacheRead * share,
  cacheWrite: cacheWrite * share,
});

/** The entry of a model; throws an `Error` that names the remedy when the catalogue has none. */
export function modelEntry(catalogue: Catalogue, model: string): ModelEntry {
  const entry = catalogue.models[model];
  if (!entry) throw new Error(`No price for model "${model}". Add it to the overrides of the model catalogue.`);
  return entry;
}
