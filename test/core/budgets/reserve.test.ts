import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SPEND, remaining, reserve } from '#core/budgets/budget.ts';
import { batchPrices, CATALOGUE, withOverrides } from '#core/models/catalogue.ts';
import { addUsage, costUsd, tokensOf } from '#core/models/price.ts';

const models = Object.keys(CATALOGUE.models);

/** Tokens that a call reads: its prompt, and after each search the prompt, all results and the answer so far again. */
function readBy(searches: number, prompt: number, output: number): number {
  let read = Math.floor(prompt);
  for (let made = 1; made <= searches; made += 1)
    read += Math.floor(prompt) + made * CATALOGUE.search.inputTokens + output;
  return read;
}

describe('I4: the reservation of a call', () => {
  it('covers any bill of the call and never exceeds the remaining budget', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        fc.record({
          tokens: fc.integer({ min: 1, max: 2_000_000 }),
          usd: fc.double({ min: 0.0001, max: 50, noNaN: true }),
        }),
        fc.integer({ min: 0, max: 900_000 }),
        fc.integer({ min: 1, max: 64_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 0, max: 6 }),
        (model, left, bound, maxTokens, inputShare, cachedShare, searches, spare) => {
          const call = { model, inputTokens: bound, maxTokens, minTokens: 256, searches };
          const decision = reserve(CATALOGUE, left, call);
          if (!decision.fits) return;
          expect(decision.usd).toBeLessThanOrEqual(left.usd);
          expect(decision.tokens).toBeLessThanOrEqual(left.tokens);
          const made = Math.max(0, searches - spare);
          const prompt = readBy(made, bound * inputShare, decision.maxTokens);
          const cacheWrite = Math.floor(prompt * cachedShare);
          const output = decision.maxTokens;
          const usage = { input: prompt - cacheWrite, output, cacheRead: 0, cacheWrite, searches: made };
          expect(costUsd(CATALOGUE, model, usage)).toBeLessThanOrEqual(decision.usd + 1e-9);
          expect(tokensOf(usage)).toBeLessThanOrEqual(decision.tokens);
        },
      ),
    );
  });

  it('shrinks the output limit to fit instead of rejecting the call', () => {
    const call = { model: 'claude-sonnet-5-5', inputTokens: 1_000, maxTokens: 4_096, minTokens: 256 };
    const decision = reserve(CATALOGUE, { tokens: 2_000, usd: 1 }, call);
    expect(decision).toMatchObject({ fits: true, maxTokens: 1_000, tokens: 2_000 });
  });

  it('rejects a call without room for a useful answer, and names the remedy', () => {
    const call = { model: 'claude-sonnet-5-5', inputTokens: 1_000, maxTokens: 4_096, minTokens: 256 };
    const decision = reserve(CATALOGUE, { tokens: 1_100, usd: 1 }, call);
    expect(decision).toMatchObject({
      fits: false,
      reason: expect.stringContaining('Raise the task’s budget'.replace('’', "'")),
    });
    // Retried, it has the same budget and fails again.
    expect(decision).toMatchObject({
      reason: expect.stringMatching(/submit it anew .*--budget-usd.* a retry has the same/),
    });
  });

  it('treats lost reservations as spent', () => {
    const spend = { ...NO_SPEND, lost: { tokens: 600, usd: 0.25 } };
    expect(remaining({ tokens: 1_000, usd: 1 }, spend)).toEqual({ tokens: 400, usd: 0.75 });
  });
});

describe('the model catalogue', () => {
  it('has a fee for each search, in batches too', () => {
    const usage = { input: 1_000, output: 0, cacheRead: 0, cacheWrite: 0 };
    for (const catalogue of [CATALOGUE, batchPrices(CATALOGUE)]) {
      const without = costUsd(catalogue, 'claude-haiku-5-5', usage);
      expect(costUsd(catalogue, 'claude-haiku-5-5', { ...usage, searches: 3 }) - without).toBeCloseTo(0.03, 9);
    }
    const cheap = withOverrides(CATALOGUE, { search: { usd: 0.005, inputTokens: 100 } });
    expect(costUsd(cheap, 'claude-haiku-5-5', { ...usage, input: 0, searches: 2 })).toBeCloseTo(0.01, 9);
  });

  it('adds searches to a usage only if there are some', () => {
    const none = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
    expect(addUsage(none, none)).not.toHaveProperty('searches');
    expect(addUsage({ ...none, searches: 2 }, none)).toMatchObject({ searches: 2 });
    expect(addUsage({ ...none, searches: 2 }, { ...none, searches: 1 })).toMatchObject({ searches: 3 });
  });

  it('prices long prompts at a model’s second price', () => {
    const usage = { input: 100_001, output: 0, cacheRead: 0, cacheWrite: 0 };
    expect(costUsd(CATALOGUE, 'claude-haiku-5-5', usage)).toBeCloseTo(0.0500005, 9);
    expect(costUsd(CATALOGUE, 'claude-haiku-5-5', { ...usage, input: 100_000 })).toBeCloseTo(0.01, 9);
  });

  it('names a tier whose model has no price', () => {
    expect(() => withOverrides(CATALOGUE, { tiers: { fast: 'unknown-model' } })).toThrow(/tiers\.fast.*unknown-model/);
  });
});
