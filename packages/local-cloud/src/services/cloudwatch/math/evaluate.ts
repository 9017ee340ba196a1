import { MathError } from './errors.ts';
import { fillRepeating, FUNCTIONS } from './functions.ts';
import { operate } from './operators.ts';
import type { Expression } from './parse.ts';
import { numberValue } from './value.ts';
import type { Points, Value } from './value.ts';

/** What an expression may name. */
export interface Names {
  /** The value of a metric or an expression by its id. Throws `MathError` when there is none. */
  valueOf(id: string): Value;
  /** The ids of the metrics, without expressions, for `METRICS()`. */
  readonly metricIds: readonly string[];
}

/** Every function that an expression may call, for messages. */
const SUPPORTED = [...Object.keys(FUNCTIONS), 'METRICS'].sort().join(', ');

/** Computes an expression. Throws `MathError` for what is not supported. */
export function evaluateMath(expression: Expression, names: Names): Value {
  switch (expression.kind) {
    case 'number':
      return numberValue(expression.value);
    case 'id':
      return names.valueOf(expression.id);
    case 'text':
      throw new MathError(`the text "${expression.text}" is not possible here`);
    case 'negative':
      return operate('*', numberValue(-1), evaluateMath(expression.of, names));
    case 'binary':
      return operate(expression.operator, evaluateMath(expression.left, names), evaluateMath(expression.right, names));
    case 'list':
      return { kind: 'list', items: expression.items.flatMap((item) => seriesOf(evaluateMath(item, names))) };
    case 'call':
      return call(expression, names);
  }
}

function call({ name, arguments: given }: Extract<Expression, { kind: 'call' }>, names: Names): Value {
  if (name === 'METRICS') return metrics(given, names);
  if (name === 'FILL' && isId(given[1], 'REPEAT') && given[0] !== undefined)
    return fillRepeating(evaluateMath(given[0], names));
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found === undefined)
    throw new MathError(`the function ${name} is not supported. The local CloudWatch has ${SUPPORTED}`);
  return found(...given.map((argument) => evaluateMath(argument, names)));
}

/** `METRICS()`: all metrics; `METRICS("errors")`: those whose id contains the text. */
function metrics([filter]: readonly Expression[], names: Names): Value {
  if (filter !== undefined && filter.kind !== 'text') throw new MathError('METRICS takes a text or nothing');
  const ids = names.metricIds.filter((id) => id.includes(filter?.text ?? ''));
  return { kind: 'list', items: ids.flatMap((id) => seriesOf(names.valueOf(id))) };
}

function seriesOf(value: Value): readonly Points[] {
  if (value.kind === 'number') throw new MathError('a list contains time series only');
  return value.kind === 'series' ? [value.points] : value.items;
}

const isId = (expression: Expression | undefined, id: string): boolean =>
  expression?.kind === 'id' && expression.id === id;
