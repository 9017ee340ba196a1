import type jsonata from 'jsonata';
import type { Json } from '../json.ts';

/** The outcome of an evaluation. It can be sent to another process. */
export type Result =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Evaluates an expression to plain JSON. Never rejects. */
export async function result(
  expression: jsonata.Expression,
  bindings: Readonly<Record<string, unknown>>,
): Promise<Result> {
  let value: unknown;
  try {
    value = await expression.evaluate(undefined, bindings);
  } catch (error) {
    return { kind: 'failed', reason: describe(error) };
  }
  if (value === undefined) return { kind: 'undefined' };
  try {
    return { kind: 'value', value: plain(value) };
  } catch (error) {
    if (error instanceof Unsupported) return { kind: 'unsupported' };
    throw error;
  }
}

export function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return typeof code === 'string' ? `${code}: ${String(message)}` : String(message);
}

class Unsupported extends Error {}

/** Marks that jsonata sets on arrays it creates. With them, the array would behave differently as an input. */
const MARKS = ['sequence', 'cons', 'keepSingleton', 'outerWrapper', 'tupleStream'];

function plain(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return plainArray(value);
  if (typeof value === 'object' && !('_jsonata_function' in value || '_jsonata_lambda' in value)) {
    return plainObject(value as Readonly<Record<string, unknown>>);
  }
  throw new Unsupported();
}

function plainArray(value: readonly unknown[]): Json {
  const copy = value.map(plain);
  const clean = copy.every((entry, index) => entry === value[index]) && !MARKS.some((mark) => mark in value);
  return clean ? (value as readonly Json[]) : copy;
}

function plainObject(value: Readonly<Record<string, unknown>>): Json {
  let copy: Record<string, Json> | undefined;
  for (const [key, entry] of Object.entries(value)) {
    const clean = plain(entry);
    if (clean !== entry) (copy ??= { ...(value as Record<string, Json>) })[key] = clean;
  }
  return copy ?? (value as Json);
}
