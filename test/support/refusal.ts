import { problemSchema } from '#core/api/http/problem.ts';

/** An answer of the API, as any client sees it. */
export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Kinds of refusal that are about a field, which must then be named. */
const ABOUT_FIELDS = new Set([400, 413, 415, 422]);

/** What looks like the inside of the fleet. */
const INSIDE = /\n\s+at |node_modules|file:\/\/|\.ts:\d|\.mjs:\d|ValidationException|ZodError|RangeError|TypeError/;

/**
 * What is wrong with a refusal: each is a problem after RFC 9457 that names field and remedy where it is about one, is no
 * fault of the fleet, and shows neither its inside nor a secret of the request.
 */
export function faultsOfRefusal({ status, type, text }: Answered, secret: string): readonly string[] {
  const faults: string[] = [];
  if (status >= 500) faults.push(`${status}: a fault of the fleet`);
  if (text.includes(secret)) faults.push('says the key');
  if (INSIDE.test(text)) faults.push('shows the inside of the fleet');
  if (type !== 'application/problem+json') faults.push(`is "${type}"`);
  const problem = problemSchema.safeParse(parsed(text));
  if (!problem.success) return [...faults, `is no problem: ${text.slice(0, 200)}`];
  const { detail, errors = [], status: said } = problem.data;
  if (said !== status) faults.push(`says ${said}`);
  if (detail === '') faults.push('says nothing');
  if (ABOUT_FIELDS.has(status) && errors.length === 0) faults.push('names no field');
  if (errors.some((error) => [error.field, error.message, error.remedy].includes('')))
    faults.push('has an empty error');
  return faults;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
