import type { Json } from './json.ts';
import { evaluateAs, type Bindings, type Template } from './evaluate.ts';

/** Whether a value is a number of at least 0. */
export function isNumber(value: Json): value is number {
  return typeof value === 'number' && value >= 0;
}

/** Whether a value is a whole number of at least 0. */
export function isWhole(value: Json): value is number {
  return isNumber(value) && Number.isInteger(value);
}

/** Evaluates an optional field that must be a whole number. */
export async function evaluateWhole(template: Template | undefined, bindings: Bindings): Promise<number | undefined> {
  return template === undefined ? undefined : evaluateAs(template, 'integer', isWhole, bindings);
}
