import { describe, expect, it, test } from 'vitest';
import { compileRule } from '../../rules/compile.ts';
import { DEFAULT_RULES } from '../../rules/defaults.ts';
import { MAX_EXPRESSION, ruleSchema } from '../../rules/rule.ts';
import { crossed, level } from '../../rules/environment.ts';

const rule = (when: string, more: object = {}) =>
  ruleSchema.parse({ id: 'mine', when, severity: 'warning', cause: 'mine', ...more });
const problemOf = (when: string, more: object = {}) => {
  const compiled = compileRule(rule(when, more));
  return compiled.ok ? null : compiled.problems[0];
};

describe('the default rules', () => {
  test.each(DEFAULT_RULES.map((each) => [each.id, each] as const))('%s is a valid rule', (_, each) => {
    expect(ruleSchema.parse(each)).toEqual(each);
    expect(compileRule(each)).toMatchObject({ ok: true });
  });

  it('have different ids', () => {
    expect(new Set(DEFAULT_RULES.map(({ id }) => id)).size).toBe(DEFAULT_RULES.length);
  });
});

describe('a rule', () => {
  test.each([
    'm.dayPct >= 5',
    'abs(m.dayPct) >= 5.5 && position.held',
    'event.headline.contains("recall")',
    '"2.02" in event.items',
    'event.items.exists(item, item.startsWith("5."))',
    'crossed(m.dayPct, m.dayPeak, 4, 2)',
    'last.close > 0.0 && m.close / last.close > 1.03',
    'limits.maxPositionLossUsd > 0.0 ? position.lossUsd > 10.0 : false',
  ])('may say %s', (when) => {
    expect(problemOf(when)).toBeNull();
  });

  test.each([
    ['m.dayPct', 1, /must be true or false, and is double/],
    ['m.daypct > 5', 3, /No such key: daypct.*README/],
    ['price > 5', 1, /Unknown variable: price.*event, m, position, limits and last/],
    ['m.dayPct >= "5"', 1, /no such overload/],
    ['m.dayPct == 5', 1, /Write numbers with a point/],
    ['m.dayPct + 1 > 2.0', 1, /Write numbers with a point/],
    ['m.dayPct >', 11, /Unexpected token/],
    ['m.dayPct > 5 extra', 14, /Unexpected character/],
    ['event.held', 7, /No such key/],
    ['abs("a") > 1.0', 1, /no matching overload/],
  ])('may not say %s: column %d', (when, column, message) => {
    expect(problemOf(when)).toMatchObject({ rule: 'mine', field: 'when', column });
    expect(problemOf(when)?.message).toMatch(message);
  });

  it('has a step that is a number', () => {
    expect(problemOf('true', { step: 'm.dayPct > 5' })).toMatchObject({
      field: 'step',
      message: 'must be a number, and is bool.',
    });
    expect(problemOf('true', { step: 'level(m.dayPct, 8, 5)' })).toBeNull();
  });
});

describe('a hostile rule', () => {
  const nested = (times: number) => `${'('.repeat(times)}true${')'.repeat(times)}`;
  const list = `[${Array.from({ length: 51 }, (_, index) => `"${index}"`).join(',')}]`;
  test.each([
    ['event.headline.matches("(a+)+$")', /Regular expressions can take for ever/],
    ['event.items.exists(a, event.items.exists(b, a == b))', /must not stand within/],
    ['event.items.map(a, a).size() > 0', /map is not a function of rules/],
    ['event.items.filter(a, true).size() > 0', /filter is not a function/],
    [`"a" in ${list}`, /too large: Exceeded maxListElements.*Split/],
    [nested(100), /too large|maxDepth/],
    [Array.from({ length: 120 }, () => 'true').join(' && '), /too large/],
    ['constructor.constructor("return process")()', /./],
    ['m.constructor == m', /No such key: constructor/],
    ['m.__proto__ == m', /No such key: __proto__/],
    ['event["constructor"] == "a"', /./],
    ['process.exit()', /Unknown variable|not a function/],
    ['globalThis == 1', /Unknown variable/],
    ['timestamp("2026-01-01T00:00:00Z") < timestamp("2027-01-01T00:00:00Z")', /timestamp is not a function/],
    ['b"abc".json() == b"abc".json()', /json is not a function/],
    ['type(1) == int', /type is not a function/],
    ['cel.bind(x, 1, x == 1)', /bind is not a function/],
    ['"a".split("").size() > 1', /./],
  ])('is rejected: %s', (when, message) => {
    expect(problemOf(when)?.message).toMatch(message);
  });

  it('is not longer than the limit', () => {
    expect(() => rule(`true${' '.repeat(MAX_EXPRESSION)}`)).toThrow(/<=1000 characters/);
  });

  it('in many brackets is the same rule', () => {
    expect(problemOf(nested(10))).toBeNull();
  });
});

describe('a threshold', () => {
  test.each([
    [4.99, 0],
    [5, 5],
    [-5, 5],
    [9.99, 5],
    [10, 10],
    [-17, 15],
    [Number.NaN, 0],
  ])('%d has the level %d', (now, reached) => {
    expect(level(now, 5, 5)).toBe(reached);
  });

  it('without a step is reached once', () => {
    expect(level(100, 5, 0)).toBe(5);
    expect(crossed(100, 6, 5, 0)).toBe(false);
  });
});
