import { describe, expect, it } from 'vitest';
import { shares, type Asked } from '#core/delegation/share.ts';

const budget = (usd: number, tokens: number) => ({ usd, tokens });
const NONE = budget(0, 0);
/** Tasks that ask for so much and would take any part of it. */
const wishes = (...all: ReturnType<typeof budget>[]): Asked[] => all.map((wish) => ({ wish, least: NONE }));

describe('what a parent has left is divided among its children', () => {
  it('each gets what its agent asks for while there is enough', () => {
    expect(shares(budget(10, 1_000_000), wishes(budget(2, 200_000), budget(1, 50_000)), NONE)).toEqual([
      budget(2, 200_000),
      budget(1, 50_000),
    ]);
  });

  it('else the smallest wish is met first, the others get equal shares, and a fifth stays with the parent', () => {
    const asked = wishes(budget(2, 200_000), budget(0.2, 1_000), budget(2, 200_000));
    expect(shares(budget(1, 100_000), asked, NONE)).toEqual([
      budget(0.3, 39_500),
      budget(0.2, 1_000),
      budget(0.3, 39_500),
    ]);
  });

  it('I16: the shares never exceed what is left, however it is divided', () => {
    for (const children of [1, 3, 7, 500]) {
      for (const left of [budget(0.000_1, 999), budget(1 / 3, 100_001), budget(7.77, 3_333_333)]) {
        for (const [least, used] of [
          [NONE, NONE],
          [budget(0.01, 300), NONE],
          [budget(0.01, 300), budget(left.usd / 3, 300)],
        ] as const) {
          const asked = Array.from({ length: children }, (_, index) => ({
            wish: budget(0.1 + index, 1_000 * (index + 1)),
            least,
          }));
          const given = shares(left, asked, used).filter((share) => share !== null);
          const usd = given.reduce((sum, each) => sum + each.usd, 0);
          const tokens = given.reduce((sum, each) => sum + each.tokens, 0);
          expect(used.usd + usd).toBeLessThanOrEqual(left.usd);
          expect(used.tokens + tokens).toBeLessThanOrEqual(left.tokens);
        }
      }
    }
  });

  it('nothing is divided when nothing is left, or too little for each', () => {
    expect(shares(budget(0, 1_000), wishes(budget(1, 1)), NONE)).toEqual([null]);
    const three = wishes(budget(1, 1), budget(1, 1), budget(1, 1));
    expect(shares(budget(1, 2), three, NONE)).toEqual([null, null, null]);
  });

  it('a dear task gets what one call of it needs, however many cheap ones there are', () => {
    const dear = { wish: budget(2, 100_000), least: budget(0.3, 9_000) };
    const cheap = { wish: budget(0.5, 100_000), least: budget(0.01, 9_000) };
    const given = shares(budget(1, 1_000_000), [cheap, dear, ...Array.from({ length: 9 }, () => cheap)], NONE);
    expect(given.map((each) => each?.usd)).toEqual([0.046_363_636, 0.336_363_636, ...Array(9).fill(0.046_363_636)]);
  });

  it('the first ones begin when there is not a call for each, and a cheap one that fits beside them', () => {
    const dear = { wish: budget(2, 100_000), least: budget(0.3, 9_000) };
    const cheap = { wish: budget(0.5, 100_000), least: budget(0.01, 9_000) };
    const given = shares(budget(1, 1_000_000), [dear, dear, dear, cheap], NONE);
    expect(given.map((each) => each !== null)).toEqual([true, true, false, true]);
    for (const each of given.slice(0, 2)) expect(each?.usd).toBeGreaterThanOrEqual(0.3);
    // The first two have ended and cost 0.25 together.
    expect(shares(budget(1, 1_000_000), [dear], budget(0.25, 20_000))).toEqual([budget(0.55, 100_000)]);
    expect(shares(budget(1, 1_000_000), [dear], budget(0.6, 20_000))).toEqual([null]);
  });
});
