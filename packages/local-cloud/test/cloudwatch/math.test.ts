import { expect, test } from 'vitest';
import { evaluateMath } from '../../src/services/cloudwatch/math/evaluate.ts';
import { parseMath } from '../../src/services/cloudwatch/math/parse.ts';
import { numberValue, seriesValue } from '../../src/services/cloudwatch/math/value.ts';
import type { Points, Value } from '../../src/services/cloudwatch/math/value.ts';

const SERIES: Readonly<Record<string, Points>> = {
  a: [1, 2, undefined, 4],
  b: [10, 0, 30, undefined],
  errors: [undefined, 1, undefined, 3],
};

function compute(expression: string): Value {
  return evaluateMath(parseMath(expression), {
    metricIds: Object.keys(SERIES),
    valueOf: (id) => {
      const points = SERIES[id];
      if (points === undefined) throw new Error(`unknown ${id}`);
      return seriesValue(points);
    },
  });
}

test.for<[string, Points]>([
  ['a + b', [11, 2, undefined, undefined]],
  ['b / a', [10, 0, undefined, undefined]],
  ['a / b', [0.1, undefined, undefined, undefined]],
  ['a + 2 * 3', [7, 8, undefined, 10]],
  ['(a + 2) * 3', [9, 12, undefined, 18]],
  ['2 ^ a', [2, 4, undefined, 16]],
  ['-a', [-1, -2, undefined, -4]],
  ['a >= 2', [0, 1, undefined, 1]],
  ['a > 1 AND b == 0', [0, 1, undefined, undefined]],
  ['a != 1 || b > 5', [1, 1, undefined, undefined]],
  ['FILL(errors, 0)', [0, 1, 0, 3]],
  ['FILL(a, REPEAT)', [1, 2, 2, 4]],
  ['FILL(errors, a)', [1, 1, undefined, 3]],
  ['errors / FILL(b, 1)', [undefined, undefined, undefined, 3]],
  ['IF(b > 5, a / b, 0)', [0.1, 0, undefined, undefined]],
  ['IF(a > 1, a)', [undefined, 2, undefined, 4]],
  ['IF(1, a, b)', [1, 2, undefined, 4]],
  ['SUM(METRICS())', [11, 3, 30, 7]],
  ['SUM([a, b])', [11, 2, 30, 4]],
  ['MAX(METRICS())', [10, 2, 30, 4]],
  ['MIN(FILL(METRICS(), 0))', [0, 0, 0, 0]],
  ['AVG([a, b])', [5.5, 1, 30, 4]],
  ['SUM(METRICS("err"))', [undefined, 1, undefined, 3]],
  ['a * MAX(a)', [4, 8, undefined, 16]],
])('%s', ([expression, points]) => {
  expect(compute(expression)).toEqual(seriesValue(points));
});

test('a function of one time series is a number', () => {
  expect(compute('SUM(a)')).toEqual(numberValue(7));
});

test('an operation on a list is done on each time series', () => {
  expect(compute('[a, b] * 2')).toEqual({
    kind: 'list',
    items: [
      [2, 4, undefined, 8],
      [20, 0, 60, undefined],
    ],
  });
});

test.for<[string, string]>([
  ['RATE(a)', 'the function RATE is not supported. The local CloudWatch has AVG, FILL, IF, MAX, METRICS, MIN, SUM'],
  ['SEARCH("x")', 'the function SEARCH is not supported'],
  ['FILL(a, LINEAR)', 'unknown LINEAR'],
  ['a +', 'the expression a + has the end'],
  ['a ; b', 'the expression a ; b has an error at position 2'],
  ['(a', 'the expression (a has the end instead of )'],
  ['[a, b] * [a, b]', '* between two lists of time series is not possible'],
  ['SUM(3)', 'SUM needs a time series'],
  ['"text"', 'the text "text" is not possible here'],
])('%s is rejected', ([expression, message]) => {
  expect(() => compute(expression)).toThrow(message);
});
