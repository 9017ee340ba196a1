import { z } from 'zod';
import { plainMessage } from '../../parse/plain-message.ts';
import { shorten } from '../../text/text.ts';

/** One error in a request, with the field that caused it. */
export const fieldErrorSchema = z.object({
  /** Path of the field, such as `budget.usd`; or `body`, `query`, `path`, or a header's name. */
  field: z.string(),
  message: z.string(),
  /** How to fix it. */
  remedy: z.string(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** An error response as RFC 9457 defines it (`application/problem+json`), with the fields that caused it. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  /** The request's id, as in the logs. */
  instance: z.string().optional(),
  errors: z.array(fieldErrorSchema).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

const TITLES = {
  'invalid-request': [400, 'Invalid request'],
  'invalid-key': [401, 'Invalid key'],
  'not-allowed': [403, 'Permission denied'],
  'not-found': [404, 'Not found'],
  conflict: [409, 'Conflict'],
  'too-large': [413, 'Request too large'],
  'wrong-content-type': [415, 'Unsupported content type'],
  'cannot-accept': [422, 'Request rejected'],
  'too-many': [429, 'Too many requests'],
  failed: [500, 'Internal error'],
  unavailable: [503, 'Temporarily unavailable'],
} as const;
export type ProblemKind = keyof typeof TITLES;

/** At most this many errors are listed, so that the answer to a hostile request stays small. */
const MAX_ERRORS = 20;
const MAX_CHARACTERS = { detail: 1_000, field: 100, message: 500, remedy: 500 } as const;

/**
 * The one error of the API: every rejected request throws it. Its message is the problem's `detail`. Both are cut to a
 * length that does not depend on the request.
 */
export class ApiProblem extends Error {
  readonly kind: ProblemKind;
  readonly errors: readonly FieldError[];
  /** Seconds to wait before a retry. */
  readonly retryAfter: number | undefined;

  constructor(kind: ProblemKind, detail: string, errors: readonly FieldError[] = [], retryAfter?: number) {
    super(shorten(detail, MAX_CHARACTERS.detail));
    this.name = 'ApiProblem';
    this.kind = kind;
    this.errors = errors.slice(0, MAX_ERRORS).map(({ field, message, remedy }) => ({
      field: shorten(field, MAX_CHARACTERS.field),
      message: shorten(message, MAX_CHARACTERS.message),
      remedy: shorten(remedy, MAX_CHARACTERS.remedy),
    }));
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return TITLES[this.kind][0];
  }

  /** @param instance the request's id */
  toProblem(instance?: string): Problem {
    const [status, title] = TITLES[this.kind];
    return {
      type: `urn:agent-fleet:problem:${this.kind}`,
      title,
      status,
      detail: this.message,
      ...(instance === undefined ? {} : { instance: `urn:request:${instance}` }),
      ...(this.errors.length === 0 ? {} : { errors: [...this.errors] }),
    };
  }
}

/** The same for an item that does not exist and for one of another tenant (I8). */
export const notFound = (what: string, id: string): ApiProblem =>
  new ApiProblem(
    'not-found',
    `The ${what} "${id}" was not found. Check the id, and that your key belongs to the same tenant.`,
  );

/** What this release cannot read (R3). */
export const writtenByAnother = (): ApiProblem =>
  new ApiProblem(
    'failed',
    'This was written by another release, which is probably being deployed. Try again in a minute.',
    [],
    60,
  );

/** Seconds until our client, which has asked the other regions by then, asks again. */
const RETRY_AFTER = 2;

/** What cannot be done now, or not in this region. */
export const unavailable = (detail: string, errors: readonly FieldError[] = []): ApiProblem =>
  new ApiProblem('unavailable', detail, errors, RETRY_AFTER);

/** Where the operations of the task API are described, below its address. */
export const TASK_API_DOCUMENT = '/openapi.json';

/**
 * A body, query or path that does not match its schema.
 * @param document what describes the operation
 */
export function invalid(
  error: z.ZodError,
  where: 'body' | 'query' | 'path' | 'headers',
  kind: ProblemKind = 'invalid-request',
  document: string = TASK_API_DOCUMENT,
) {
  const errors = error.issues.flatMap((issue) => fieldErrors(issue, where, document));
  const [first] = errors;
  const field = shorten(first?.field ?? where, MAX_CHARACTERS.field);
  const message = shorten(first?.message ?? 'invalid', MAX_CHARACTERS.message);
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new ApiProblem(kind, `${field}: ${message}${more}.`, errors);
}

function fieldErrors(issue: z.core.$ZodIssue, where: string, document: string): FieldError[] {
  const path = issue.path.map(nameOf);
  const field = path.length === 0 ? where : path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...path, nameOf(key)].join('.'),
      message: 'is an unknown field',
      remedy: `Remove it, or check its spelling in ${document}.`,
    }));
  }
  return [{ field, message: plainMessage(issue), remedy: `See ${document} for the expected format.` }];
}

/** The name of a field, which may be empty. */
const nameOf = (key: PropertyKey): string => (key === '' ? '""' : String(key));
