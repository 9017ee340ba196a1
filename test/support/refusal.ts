import { ApiProblem, problemSchema, type ProblemKind } from '#core/api/http/problem.ts';

/** A response of the API, as any client sees it. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Statuses whose problem must name the field that caused it. */
const ABOUT_FIELDS = new Set([400, 413, 415, 422]);

/** Text that would reveal the fleet's internals. */
const INSIDE = /\n\s+at |node_modules|file:\/\/|\.ts:\d|\.mjs:\d|ValidationException|ZodError|RangeError|TypeError/;

/**
 * Returns what is wrong with an error response. It must be a problem as in RFC 9457 that names the field and remedy
 * where one applies. It must not be the fleet's fault, and must reveal neither internals nor the request's secret.
 */
export function faultsOfRefusal({ status, type, text }: Answered, secret: string): readonly string[] {
  const faults: string[] = [];
  if (status >= 500) faults.push(`is the fleet's fault (${status})`);
  if (text.includes(secret)) faults.push('contains the key');
  if (INSIDE.test(text)) faults.push('reveals internals');
  if (type !== 'application/problem+json') faults.push(`is "${type}"`);
  const problem = problemSchema.safeParse(parsed(text));
  if (!problem.success) return [...faults, `is not a problem: ${text.slice(0, 200)}`];
  const { type: kind, title, detail, errors = [], status: said } = problem.data;
  if (said !== status) faults.push(`has the status ${said} in its body`);
  if (title !== titleOf(kind)) faults.push(`has the title "${title}"`);
  if (detail === '') faults.push('has no detail');
  if (ABOUT_FIELDS.has(status) && errors.length === 0) faults.push('names no field');
  if (errors.some((error) => [error.field, error.message, error.remedy].includes('')))
    faults.push('has an empty error');
  return faults;
}

/** API Gateway's own problems have the same titles as those of the functions. */
const titleOf = (type: string): string =>
  new ApiProblem(type.replace('urn:agent-fleet:problem:', '') as ProblemKind, '').toProblem().title;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
