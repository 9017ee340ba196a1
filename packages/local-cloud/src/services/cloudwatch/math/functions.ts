import { MathError } from './errors.ts';
import { mapSeries, numberValue, seriesIn, seriesValue } from './value.ts';
import type { Points, Value } from './value.ts';

/** A function of metric math, given its evaluated arguments. */
export type MathFunction = (...given: readonly Value[]) => Value;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Reduces the values of a time series to a number, or several time series to one, for each time by those that have a data
 * point then. Without any data point there is no result.
 */
function reduction(name: string, reduce: (values: readonly number[]) => number): MathFunction {
  return (given) => {
    if (given === undefined) throw new MathError(`${name} needs an argument`);
    const series = seriesIn(given, name);
    if (given.kind === 'list') {
      const length = Math.max(0, ...series.map((points) => points.length));
      return seriesValue(
        Array.from({ length }, (_, index) => {
          const values = existing(series.map((points) => points[index]));
          return values.length === 0 ? undefined : reduce(values);
        }),
      );
    }
    const values = existing(series[0] ?? []);
    return values.length === 0 ? seriesValue((series[0] ?? []).map(() => undefined)) : numberValue(reduce(values));
  };
}

const existing = (points: Points): number[] => points.filter((value) => value !== undefined);

/** `IF(condition, then, else)`. Without `else` there is no data point where the condition is 0. */
const choose: MathFunction = (condition, then, otherwise) => {
  if (condition === undefined || then === undefined) throw new MathError('IF needs a condition and a value');
  if (condition.kind === 'list' || then.kind === 'list' || otherwise?.kind === 'list')
    throw new MathError('IF of a list of time series is not supported');
  const [test, yes, no] = [at(condition), at(then), otherwise === undefined ? () => undefined : at(otherwise)];
  if (condition.kind === 'number') return condition.value !== 0 ? then : (otherwise ?? seriesValue([]));
  return seriesValue(
    condition.points.map((_, index) => {
      const holds = test(index);
      if (holds === undefined) return undefined;
      return holds !== 0 ? yes(index) : no(index);
    }),
  );
};

function at(value: Value): (index: number) => number | undefined {
  if (value.kind === 'number') return () => value.value;
  return value.kind === 'series' ? (index) => value.points[index] : () => undefined;
}

/** `FILL(series, value)` with a number, or a time series of numbers, in place of each missing data point. */
export const fill: MathFunction = (series, filler) => {
  if (series === undefined || filler === undefined) throw new MathError('FILL needs a time series and a value');
  if (filler.kind === 'list') throw new MathError('FILL with a list of time series is not possible');
  const value = at(filler);
  return mapSeries(series, (points) => points.map((point, index) => point ?? value(index)), 'FILL');
};

/** `FILL(series, REPEAT)`: the data point before in place of each missing one. */
export const fillRepeating = (series: Value): Value => {
  const repeat = (points: Points): Points => {
    let last: number | undefined;
    return points.map((point) => (last = point ?? last));
  };
  return mapSeries(series, repeat, 'FILL');
};

export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  AVG: reduction('AVG', (values) => sum(values) / values.length),
  FILL: fill,
  IF: choose,
  MAX: reduction('MAX', (values) => Math.max(...values)),
  MIN: reduction('MIN', (values) => Math.min(...values)),
  SUM: reduction('SUM', sum),
};
