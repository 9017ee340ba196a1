import { describe, expect, it } from 'vitest';
import { stillHolds } from '../../rules/stands.ts';
import { bar, day, OPEN, portfolio } from '../router/day.ts';

const MINUTE = 60_000;
const ACME = 'cik:0000000001';
const FALLEN = [bar(0, { close: 100 }), bar(5, { close: 91 })];
/** Trading was halted ten minutes after the opening bell, for 15 minutes. */
const RESUMED = OPEN + 25 * MINUTE;

const holds = (rule: string, after: readonly ReturnType<typeof bar>[], more: object = {}) =>
  stillHolds(portfolio(more), { rule, subject: ACME }, day([...FALLEN, ...after]).state, RESUMED);
const LIMIT = { limits: { maxPositionLossUsd: 5_000 } };

describe('what an alert says, after a halt', () => {
  it('is not known before a bar has begun', () => {
    expect(holds('day-move', [])).toBeNull();
    expect(holds('day-move', [bar(20, { close: 91 })])).toBeNull();
  });

  it.each([
    ['day-move', 91.5, true],
    ['day-move', 96, false],
    // It was one of five minutes, and they are over.
    ['fast-move', 91, false],
  ])('of the rule %s at a price of %d: %s', (rule, close, expected) => {
    expect(holds(rule, [bar(25, { close, open: close })])).toBe(expected);
  });

  it('of a loss depends on the limit, however far the price came back', () => {
    expect(holds('position-loss', [bar(25, { close: 94 })], LIMIT)).toBe(true);
    expect(holds('position-loss', [bar(25, { close: 95.5 })], LIMIT)).toBe(false);
  });

  it('stands if it cannot be said: the rule is gone, or reads what bars do not have', () => {
    expect(holds('removed', [bar(25, { close: 100 })])).toBe(true);
    const rule = { id: 'own', when: 'm.volumeZ >= 4.0 && m.dayPct < -5.0', severity: 'urgent', cause: 'price-move' };
    expect(holds('own', [bar(25, { close: 100 })], { rules: [rule] })).toBe(true);
  });
});
