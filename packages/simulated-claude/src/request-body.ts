import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/** Parses a value with a schema. Throws a 400 that names each invalid field. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiError('invalid_request_error', parsed.error.issues.flatMap(sayIssue).join('; '));
  return parsed.data;
}

function sayIssue(
  issue: z.core.$ZodIssue,
  _index?: number,
  _all?: unknown,
  above: readonly PropertyKey[] = [],
): string[] {
  const path = [...above, ...issue.path];
  const field = path.join('.') || 'body';
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...path, key].join('.')}: Extra inputs are not permitted`);
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that parsed furthest is the one that the caller meant, e.g. of "a string or an array of blocks".
    const deepest = issue.errors.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
    return deepest.flatMap((inner) => sayIssue(inner, 0, [], path));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return [`${field}: Field required`];
  return [`${field}: ${issue.message}`];
}

const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

/** An escaped surrogate, which may lack its other half. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** Parses a JSON body. Throws a 400, also for a text with a lone surrogate, which is not valid Unicode. */
export function parseJson(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return SURROGATE.test(text) ? JSON.parse(text, mustBeUnicode) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof LoneSurrogate ? `: ${error.message}` : '.';
    throw new ApiError('invalid_request_error', `The request body is not valid JSON${why}`);
  }
}

class LoneSurrogate extends Error {}

function mustBeUnicode(key: string, value: unknown): unknown {
  if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
  throw new LoneSurrogate('no low surrogate in string');
}
