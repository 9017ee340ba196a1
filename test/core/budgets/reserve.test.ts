import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SPEND, remaining, reserve } from '#core/budgets/budget.ts';
import { CATALOGUE, withOverrides } from '#core/models/catalogue.ts';
import { costUsd } from '#core/models/price.ts';

const models = Object.keys(CATALOGUE.models);

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
        (model, left, bound, maxTokens, inputShare, cachedShare) => {
          const decision = reserve(CATALOGUE, left, { model, inputTokens: bound, maxTokens, minTokens: 256 });
          if (!decision.fits) return;
          expect(decision.usd).toBeLessThanOrEqual(left.usd);
          expect(decision.tokens).toBeLessThanOrEqual(left.tokens);
          const prompt = Math.floor(bound * inputShare);
          const cacheWrite = Math.floor(prompt * cachedShare);
          const usage = { input: prompt - cacheWrite, output: decision.maxTokens, cacheRead: 0, cacheWrite };
          expect(costUsd(CATALOGUE, model, usage)).toBeLessThanOrEqual(decision.usd + 1e-9);
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
  it('prices long prompts at a model’s second price', () => {
    const usage = { input: 100_001, output: 0, cacheRead: 0, cacheWrite: 0 };
    expect(costUsd(CATALOGUE, 'claude-haiku-5-5', usage)).toBeCloseTo(0.0500005, 9);
    expect(costUsd(CATALOGUE, 'claude-haiku-5-5', { ...usage, input: 100_000 })).toBeCloseTo(0.01, 9);
  });

  it('names a tier whose model has no price', () => {
    expect(() => withOverrides(CATALOGUE, { tiers: { fast: 'unknown-model' } })).toThrow(/tiers\.fast.*unknown-model/);
  });
});
