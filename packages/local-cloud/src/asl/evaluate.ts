import jsonata from 'jsonata';
import { EvaluationError, InvalidDefinition } from './errors.ts';
import { isCheap } from './expressions/cheap.ts';
import { evaluatorOf } from './expressions/evaluator.ts';
import { register, type Sources } from './expressions/functions.ts';
import { describe, result, type Result } from './expressions/result.ts';
import { isArray, isObject, typeName, type Json, type JsonObject } from './json.ts';

/**
 * JSONata as Step Functions supports it. A field is compiled once, with its definition. Evaluating a constant costs nothing.
 *
 * Invariants
 * 1. A result is plain JSON, without functions, undefined or jsonata's marks on arrays. Any other result is a
 *    `States.QueryEvaluationError`, as on AWS.
 * 2. Values pass in and out by reference, because nothing mutates them.
 * 3. No expression can stop or fill this process: what is not cheap for all data runs in one that can be killed.
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
  if (isCheap(expression.ast())) {
    register(expression, sources);
    return async (bindings) => unwrap(await result(expression, bindings), subject);
  }
  const evaluator = evaluatorOf();
  return async (bindings) => {
    const evaluation = { text, bindings, now: sources.now(), random: sources.random() };
    return unwrap(await evaluator.evaluate(evaluation), subject);
  };
}

/** Returns the value of an expression. Throws the error of AWS when there is none. */
function unwrap(result: Result, subject: string): Json {
  switch (result.kind) {
    case 'value':
      return result.value;
    case 'undefined':
      throw new EvaluationError(`${subject} returned nothing (undefined).`);
    case 'unsupported':
      throw new EvaluationError(`${subject} returned an unsupported result type.`);
    case 'failed':
      throw new EvaluationError(`${subject} threw an error during evaluation. ${result.reason}`);
  }
}

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
