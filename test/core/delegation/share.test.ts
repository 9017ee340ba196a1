import { describe, expect, it } from 'vitest';
import { shares } from '#core/delegation/share.ts';

const budget = (usd: number, tokens: number) => ({ usd, tokens });

describe('what a parent has left is divided among its children', () => {
  it('each gets what its agent asks for while there is enough', () => {
    expect(shares(budget(10, 1_000_000), [budget(2, 200_000), budget(1, 50_000)])).toEqual([
      budget(2, 200_000),
      budget(1, 50_000),
    ]);
  });

  it('else the smallest wish is met first, the others get equal shares, and a fifth stays with the parent', () => {
    expect(shares(budget(1, 100_000), [budget(2, 200_000), budget(0.2, 1_000), budget(2, 200_000)])).toEqual([
      budget(0.3, 39_500),
      budget(0.2, 1_000),
      budget(0.3, 39_500),
    ]);
  });

  it('I16: the shares never exceed what is left, however it is divided', () => {
    for (const children of [1, 3, 7, 500]) {
      for (const left of [budget(0.000_1, 999), budget(1 / 3, 100_001), budget(7.77, 3_333_333)]) {
        const given = shares(
          left,
          Array.from({ length: children }, (_, index) => budget(0.1 + index, 1_000 * (index + 1))),
        );
        const usd = (given ?? []).reduce((sum, each) => sum + each.usd, 0);
        const tokens = (given ?? []).reduce((sum, each) => sum + each.tokens, 0);
        expect(usd).toBeLessThanOrEqual(left.usd);
        expect(tokens).toBeLessThanOrEqual(left.tokens);
      }
    }
  });

  it('nothing is divided when nothing is left, or too little for each', () => {
    expect(shares(budget(0, 1_000), [budget(1, 1)])).toBeNull();
    expect(shares(budget(1, 2), [budget(1, 1), budget(1, 1), budget(1, 1)])).toBeNull();
  });
});
