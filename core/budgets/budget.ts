import { z } from 'zod';
import { modelEntry, type Catalogue } from '../models/catalogue.ts';
import { stored } from '../stored/record.ts';
import { NO_USAGE, priceFor, roundUsd, usageSchema } from '../models/price.ts';

/** What a task may spend in total. Both limits apply. */
export const budgetSchema = z.object({ tokens: z.number().int().positive(), usd: z.number().positive() });
export type Budget = z.infer<typeof budgetSchema>;

/** The worst case of one call, reserved before it is made. */
export const reservationSchema = stored({
  /** The step the call belongs to. */
  step: z.number().int().nonnegative(),
  /** The claim under which the call is made. */
  epoch: z.number().int().positive(),
  tokens: z.number().int().nonnegative(),
  usd: z.number().nonnegative(),
  /** Name of the model in the catalogue; absent for a tool. */
  model: z.string().optional(),
});
export type Reservation = z.infer<typeof reservationSchema>;

export const spendSchema = stored({
  /** What answered calls cost. */
  usage: stored(usageSchema.shape),
  usd: z.number().nonnegative(),
  /** What prompt caching saved on them; below zero where its writes cost more. Absent before the first call. */
  savedUsd: z.number().optional(),
  /** Reservations of calls that were in flight when a worker died: they may have been billed, so they stay charged. */
  lost: stored({ tokens: z.number().int().nonnegative(), usd: z.number().nonnegative() }),
  /** What the delegated tasks cost, with everything below them. Each of them counts its own cost. Absent before the first. */
  delegated: stored({ tokens: z.number().int().nonnegative(), usd: z.number().nonnegative() }).optional(),
});
export type Spend = z.infer<typeof spendSchema>;

export const NO_SPEND: Spend = { usage: NO_USAGE, usd: 0, lost: { tokens: 0, usd: 0 } };

/** Returns what is left of a budget. Never negative. */
export function remaining(budget: Budget, spend: Spend): Budget {
  const { input, output, cacheRead, cacheWrite } = spend.usage;
  const below = spend.delegated ?? { tokens: 0, usd: 0 };
  const tokens = budget.tokens - spend.lost.tokens - below.tokens - input - output - cacheRead - cacheWrite;
  return { tokens: Math.max(0, tokens), usd: Math.max(0, budget.usd - spend.lost.usd - below.usd - spend.usd) };
}

/** Upper bounds of a call about to be made. */
export interface CallBounds {
  readonly model: string;
  /** Upper bound of the prompt's tokens. */
  readonly inputTokens: number;
  /** Output tokens the agent would like to allow. */
  readonly maxTokens: number;
  /** Fewer output tokens than this are useless, so the call is refused instead. */
  readonly minTokens: number;
  /** Web searches that the call may make. @default 0 */
  readonly searches?: number | undefined;
}

export type ReserveDecision =
  | { readonly fits: true; readonly maxTokens: number; readonly tokens: number; readonly usd: number }
  | { readonly fits: false; readonly reason: string };

/**
 * Reserves the worst case of a call within what is left (I4): the whole prompt at the dearest input price
 * (a cache write), plus `maxTokens` of output, which shrinks to what fits. Refused when less than `minTokens` fits.
 * A call that searches costs the fees too, and reads its prompt, its answer so far and all results again after each search.
 */
export function reserve(catalogue: Catalogue, left: Budget, call: CallBounds): ReserveDecision {
  const searches = call.searches ?? 0;
  const mostOutput = Math.min(call.maxTokens, modelEntry(catalogue, call.model).maxOutputTokens);
  const inputTokens =
    (searches + 1) * call.inputTokens + (catalogue.search.inputTokens * searches * (searches + 1)) / 2;
  const price = priceFor(catalogue, call.model, inputTokens + searches * mostOutput);
  const dearestInput = Math.max(price.input, price.cacheWrite);
  const inputUsd = (inputTokens * dearestInput) / 1e6 + searches * catalogue.search.usd;
  const outputPrice = price.output + searches * dearestInput;
  const byTokens = Math.floor((left.tokens - inputTokens) / (searches + 1));
  // A nano-dollar of slack keeps the rounded-up worst case within the budget.
  const byUsd = outputPrice === 0 ? Infinity : Math.floor(((left.usd - inputUsd - 1e-9) * 1e6) / outputPrice);
  const maxTokens = Math.min(mostOutput, byTokens, byUsd);
  if (maxTokens < Math.min(call.minTokens, call.maxTokens)) {
    return {
      fits: false,
      reason:
        `The next model call can use up to ${inputTokens} input tokens${searchWords(searches)} and needs at least ` +
        `${call.minTokens} output tokens ($${roundUsd(inputUsd + (call.minTokens * outputPrice) / 1e6).toFixed(4)}); the budget has ` +
        `${left.tokens} tokens and $${left.usd.toFixed(4)} left. ` +
        `Raise the task's budget, or shorten its input, and submit it anew (fleet submit --budget-usd): a retry has the same budget.`,
    };
  }
  return {
    fits: true,
    maxTokens,
    tokens: inputTokens + (searches + 1) * maxTokens,
    usd: roundUsd(inputUsd + (maxTokens * outputPrice) / 1e6),
  };
}

const searchWords = (searches: number): string =>
  searches === 0 ? '' : ` with ${searches} web search${searches === 1 ? '' : 'es'}`;
