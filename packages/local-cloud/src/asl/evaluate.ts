import jsonata from 'jsonata';
import { EvaluationError, InvalidDefinition } from './errors.ts';
import { register, type Sources } from './functions.ts';
import { isArray, isObject, typeName, type Json, type JsonObject } from './json.ts';

/**
 * JSONata as Step Functions supports it. A field is compiled once, with its definition. Evaluating a constant costs nothing.
 *
 * Invariants
 * 1. A result is plain JSON, without functions, undefined or jsonata's marks on arrays. Any other result is a
 *    `States.QueryEvaluationError`, as on AWS.
 * 2. Values pass in and out by reference, because nothing mutates them.
 */

/** What an expression sees: `states` for `$states`, and each variable by its name. */
export type Bindings = Readonly<Record<string, unknown>>;

/** A compiled field. */
export interface Template {
  /** The field's path in its state, such as `Arguments/MessageBody`. AWS names it in errors. */
  readonly field: string;
  readonly source: Json;
  evaluate(bindings: Bindings): Promise<Json>;
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;

/** Whether a JSON value is a JSONata expression: a string from `{%` to `%}`. */
export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && EXPRESSION.test(value);
}

/** Compiles a field, in which every string from `{%` to `%}` is an expression. Throws `InvalidDefinition`. */
export function compileTemplate(source: Json, field: string, sources: Sources): Template {
  const dynamic = compileValue(source, field, sources);
  if (dynamic === undefined) return { field, source, evaluate: async () => source };
  return { field, source, evaluate: dynamic };
}

type Evaluate = Template['evaluate'];

/** Returns undefined for a value without any expression. */
function compileValue(source: Json, field: string, sources: Sources): Evaluate | undefined {
  if (typeof source === 'string') return isExpression(source) ? compileExpression(source, field, sources) : undefined;
  if (isArray(source)) return compileArray(source, field, sources);
  return isObject(source) ? compileObject(source, field, sources) : undefined;
}

function compileArray(source: readonly Json[], field: string, sources: Sources): Evaluate | undefined {
  const entries = source.map((value, index) => ({
    value,
    evaluate: compileValue(value, `${field}[${index}]`, sources),
  }));
  if (entries.every((entry) => entry.evaluate === undefined)) return undefined;
  return async (bindings) => {
    const result: Json[] = [];
    for (const { value, evaluate } of entries) result.push(evaluate ? await evaluate(bindings) : value);
    return result;
  };
}

function compileObject(source: JsonObject, field: string, sources: Sources): Evaluate | undefined {
  const entries = Object.entries(source).map(([key, value]) => ({
    key,
    value,
    evaluate: compileValue(value, `${field}/${key}`, sources),
  }));
  if (entries.every((entry) => entry.evaluate === undefined)) return undefined;
  return async (bindings) => {
    const result: Record<string, Json> = {};
    for (const { key, value, evaluate } of entries) result[key] = evaluate ? await evaluate(bindings) : value;
    return result;
  };
}

function compileExpression(source: string, field: string, sources: Sources): Evaluate {
  const text = source.slice(2, -2).trim();
  const expression = parse(text, field);
  const subject = `The JSONata expression '${text}' specified for the field '${field}'`;
  register(expression, sources, FROM_MILLIS);
  return async (bindings) => {
    let value: unknown;
    try {
      value = await expression.evaluate(undefined, bindings);
    } catch (error) {
      throw new EvaluationError(`${subject} threw an error during evaluation. ${describe(error)}`);
    }
    if (value === undefined) {
      throw new EvaluationError(`${subject} returned nothing (undefined).`);
    }
    return plain(value, subject);
  };
}

const FROM_MILLIS = jsonata('$fromMillis($at, $picture, $zone)');

function parse(text: string, field: string): jsonata.Expression {
  let expression: jsonata.Expression;
  try {
    expression = jsonata(text);
  } catch (error) {
    throw new InvalidDefinition(
      `the field '${field}' contains the invalid JSONata expression '${text}': ${describe(error)}`,
    );
  }
  if (uses(expression.ast(), 'eval')) {
    throw new InvalidDefinition(`the field '${field}' uses $eval, which Step Functions does not allow: use $parse`);
  }
  return expression;
}

/** Whether an expression refers to a variable or function of this name anywhere. */
function uses(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((child) => uses(child, name));
  if (!isObject(node)) return false;
  if (node['type'] === 'variable' && node['value'] === name) return true;
  return Object.values(node).some((child) => uses(child, name));
}

function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return typeof code === 'string' ? `${code}: ${String(message)}` : String(message);
}

/** Marks that jsonata sets on arrays it creates. With them, the array would behave differently as an input. */
const MARKS = ['sequence', 'cons', 'keepSingleton', 'outerWrapper', 'tupleStream'];

function plain(value: unknown, subject: string): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return plainArray(value, subject);
  if (typeof value === 'object' && !('_jsonata_function' in value || '_jsonata_lambda' in value)) {
    return plainObject(value as Readonly<Record<string, unknown>>, subject);
  }
  throw new EvaluationError(`${subject} returned an unsupported result type.`);
}

function plainArray(value: readonly unknown[], subject: string): Json {
  const copy = value.map((entry) => plain(entry, subject));
  const clean = copy.every((entry, index) => entry === value[index]) && !MARKS.some((mark) => mark in value);
  return clean ? (value as readonly Json[]) : copy;
}

function plainObject(value: Readonly<Record<string, unknown>>, subject: string): Json {
  let copy: Record<string, Json> | undefined;
  for (const [key, entry] of Object.entries(value)) {
    const clean = plain(entry, subject);
    if (clean !== entry) (copy ??= { ...(value as Record<string, Json>) })[key] = clean;
  }
  return copy ?? (value as Json);
}

/** Evaluates a field that must have a value of one type. `expected` is the name of that type in AWS's errors. */
export async function evaluateAs<T extends Json>(
  template: Template,
  expected: string,
  is: (value: Json) => value is T,
  bindings: Bindings,
): Promise<T> {
  const value = await template.evaluate(bindings);
  if (is(value)) return value;
  const text = isExpression(template.source) ? template.source.slice(2, -2).trim() : JSON.stringify(template.source);
  throw new EvaluationError(
    `The JSONata expression '${text}' specified for the field '${template.field}' returned an unexpected result type. ` +
      `Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
  );
}
