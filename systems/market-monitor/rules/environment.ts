import { Environment } from '@marcbachmann/cel-js';
import { Measures } from '../instruments/measures.ts';
import { EventVariable, LastVariable, LimitsVariable, PositionVariable } from './variables.ts';

/** Nodes of an expression's syntax tree. */
const MAX_NODES = 200;
const MAX_DEPTH = 24;
const MAX_LIST = 50;

/**
 * What a rule may say. Every variable and function has a type, so that a wrong rule is rejected when it is saved, and not by
 * the event that would have mattered. An expression has no loops but those over its own lists, and nothing it calls has
 * effects, so it always ends.
 */
export const environment: Environment = new Environment({
  limits: {
    maxAstNodes: MAX_NODES,
    maxDepth: MAX_DEPTH,
    maxListElements: MAX_LIST,
    maxMapEntries: 10,
    maxCallArguments: 6,
  },
});

for (const [name, type, Class] of [
  ['event', 'Event', EventVariable],
  ['m', 'Measures', Measures],
  ['position', 'Position', PositionVariable],
  ['limits', 'Limits', LimitsVariable],
  ['last', 'Last', LastVariable],
] as const) {
  environment.registerType(type, { ctor: Class, fields: fieldTypes(new Class()) });
  environment.registerVariable(name, type);
}

function fieldTypes(example: object): Record<string, string> {
  return Object.fromEntries(Object.entries(example).map(([field, value]) => [field, typeOf(value)]));
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list<string>';
  if (typeof value === 'number') return 'double';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

const NUMBERS = ['double', 'int'] as const;
for (const one of NUMBERS)
  environment.registerFunction(`abs(${one}): double`, (value: unknown) => Math.abs(Number(value)));

for (const first of NUMBERS) {
  for (const step of NUMBERS) {
    environment.registerFunction(
      `crossed(double, double, ${first}, ${step}): bool`,
      (now: number, peak: number, at: unknown, each: unknown) => crossed(now, peak, Number(at), Number(each)),
    );
    environment.registerFunction(
      `level(double, ${first}, ${step}): double`,
      (now: number, at: unknown, each: unknown) => level(now, Number(at), Number(each)),
    );
  }
}

/** The highest threshold that a figure has reached: `first`, `first + step` and so on. 0 below the first. Its sign does not matter. */
export function level(now: number, first: number, step: number): number {
  const reached = Math.abs(now) - first;
  if (!(reached >= 0)) return 0;
  return step > 0 ? first + Math.floor(reached / step) * step : first;
}

/** Whether a figure reached a higher threshold than its peak had before. */
export const crossed = (now: number, peak: number, first: number, step: number): boolean =>
  level(now, first, step) > level(peak, first, step);
