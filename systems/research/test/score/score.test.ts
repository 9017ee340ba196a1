import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLAIM_KINDS } from '../../claims/claim.ts';
import { DEFAULT_RUBRIC, rubricSchema } from '../../score/rubric.ts';
import { threatScore } from '../../score/score.ts';
import { claim } from '../claims/support.ts';

const NIGHT = '2026-11-11';
const scored = (claims: ReturnType<typeof claim>[], before: number | null = null) => ({
  sector: 'Industrials',
  claims,
  moves: [],
  before,
});

const anyClaim = fc
  .record({
    kind: fc.constantFrom(...CLAIM_KINDS),
    magnitude: fc.integer({ min: 1, max: 5 }),
    day: fc.integer({ min: 1, max: 11 }),
    text: fc.string(),
  })
  .map(({ day, text, ...rest }) =>
    claim(`A claim of some kind ${text}`, { ...rest, date: `2026-11-${String(day).padStart(2, '0')}` }),
  );

test('a score lies between 0 and 100, and its parts add up to it', () => {
  fc.assert(
    fc.property(fc.array(anyClaim, { maxLength: 30 }), (claims) => {
      const { score, parts } = threatScore(scored(claims), NIGHT, DEFAULT_RUBRIC);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
      const sum = parts.reduce((total, { points }) => total + points, 0);
      expect(Math.abs(sum - score)).toBeLessThan(0.05 + parts.length * 0.005 + 1e-9);
    }),
  );
});

test('a further claim never lowers a score, and the same claims never make another one', () => {
  fc.assert(
    fc.property(fc.array(anyClaim, { maxLength: 10 }), anyClaim, (claims, more) => {
      const { score } = threatScore(scored(claims), NIGHT, DEFAULT_RUBRIC);
      expect(threatScore(scored([...claims, more]), NIGHT, DEFAULT_RUBRIC).score).toBeGreaterThanOrEqual(score);
      expect(threatScore(scored(claims.toReversed()), NIGHT, DEFAULT_RUBRIC).score).toBeCloseTo(score, 6);
    }),
  );
});

test('words of claims change no score', () => {
  fc.assert(
    fc.property(anyClaim, fc.string(), (one, words) => {
      const other = { ...one, text: words, quote: words, names: [words] };
      expect(threatScore(scored([other]), NIGHT, DEFAULT_RUBRIC).score).toBe(
        threatScore(scored([one]), NIGHT, DEFAULT_RUBRIC).score,
      );
    }),
  );
});

test('a claim counts half after a half-life', () => {
  const [now] = threatScore(scored([claim('Something happened today', { date: NIGHT })]), NIGHT, DEFAULT_RUBRIC).parts;
  const [then] = threatScore(
    scored([claim('Something happened today', { date: '2026-11-04' })]),
    NIGHT,
    DEFAULT_RUBRIC,
  ).parts;
  expect([now?.decay, then?.decay]).toEqual([1, 0.5]);
});

test('a sector that does not fit scores 0, and the change is against the last night', () => {
  const rubric = rubricSchema.parse({ sectorFit: { Industrials: 0 } });
  expect(threatScore(scored([claim('Something happened today')], 12.5), NIGHT, rubric)).toEqual({
    score: 0,
    parts: [],
    change: -12.5,
  });
});

test('a rubric names the kind that it weighs', () => {
  expect(rubricSchema.parse({ weights: { outage: 4 } }).weights).toMatchObject({ outage: 4, launch: 3 });
  expect(() => rubricSchema.parse({ weights: { outages: 4 } })).toThrow(/outages/);
});
