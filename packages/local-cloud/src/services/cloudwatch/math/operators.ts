import { MathError } from './errors.ts';
import { numberValue, seriesValue } from './value.ts';
import type { Points, Value } from './value.ts';

type Operation = (left: number, right: number) => number;

const truth = (holds: boolean): number => (holds ? 1 : 0);

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '^': (left, right) => left ** right,
  '<': (left, right) => truth(left < right),
  '>': (left, right) => truth(left > right),
  '<=': (left, right) => truth(left <= right),
  '>=': (left, right) => truth(left >= right),
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  AND: (left, right) => truth(left !== 0 && right !== 0),
  '&&': (left, right) => truth(left !== 0 && right !== 0),
  OR: (left, right) => truth(left !== 0 || right !== 0),
  '||': (left, right) => truth(left !== 0 || right !== 0),
};

/**
 * Computes a binary operation. Between time series it is computed for each time that both have; a division by zero and
 * anything else that is not a number gives no data point.
 */
export function operate(operator: string, left: Value, right: Value): Value {
  const operation = OPERATIONS[operator];
  if (operation === undefined) throw new MathError(`the operator ${operator} is not supported`);
  if (left.kind === 'list' && right.kind === 'list')
    throw new MathError(`${operator} between two lists of time series is not possible`);
  if (left.kind === 'list')
    return { kind: 'list', items: left.items.map((points) => pointwise(operation, points, right)) };
  if (right.kind === 'list')
    return { kind: 'list', items: right.items.map((points) => pointwise(operation, left, points)) };
  if (left.kind === 'number' && right.kind === 'number') return numberValue(operation(left.value, right.value));
  return seriesValue(pointwise(operation, left, right));
}

type Operand = Value | Points;

function pointwise(operation: Operation, left: Operand, right: Operand): Points {
  const [first, second] = [reader(left), reader(right)];
  const length = Math.max(lengthOf(left), lengthOf(right));
  return Array.from({ length }, (_, index) => {
    const [a, b] = [first(index), second(index)];
    if (a === undefined || b === undefined) return undefined;
    const result = operation(a, b);
    return Number.isFinite(result) ? result : undefined;
  });
}

const isPoints = (operand: Operand): operand is Points => Array.isArray(operand);

function reader(operand: Operand): (index: number) => number | undefined {
  if (isPoints(operand)) return (index) => operand[index];
  if (operand.kind === 'number') return () => operand.value;
  return operand.kind === 'series' ? (index) => operand.points[index] : () => undefined;
}

function lengthOf(operand: Operand): number {
  if (isPoints(operand)) return operand.length;
  return operand.kind === 'series' ? operand.points.length : 0;
}
