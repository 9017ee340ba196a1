import { z } from 'zod';

/** One thing that is wrong with a request, by the field it is about. */
export const fieldErrorSchema = z.object({
  /** Path of the field, such as `budget.usd`; `body`, `query` or a header's name where it is about the whole. */
  field: z.string(),
  message: z.string(),
  /** What to do about it. */
  remedy: z.string(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** An error as RFC 9457 words it (`application/problem+json`), with the fields it is about. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  /** The request, as the logs name it. */
  instance: z.string().optional(),
  errors: z.array(fieldErrorSchema).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

const TITLES = {
  'invalid-request': [400, 'The request is not as the API takes it'],
  'invalid-key': [401, 'The key is not valid'],
  'not-allowed': [403, 'The key does not allow this'],
  'not-found': [404, 'There is no such thing'],
  conflict: [409, 'It is not in a state for this'],
  'too-large': [413, 'The request is too large'],
  'wrong-content-type': [415, 'The body must be JSON'],
  'cannot-accept': [422, 'The request is understood and cannot be accepted'],
  'too-many': [429, 'Too many requests'],
  failed: [500, 'The fleet failed'],
} as const;
export type ProblemKind = keyof typeof TITLES;

/** Thrown for what a client can mend; its message is the problem's detail. */
export class ApiProblem extends Error {
  readonly kind: ProblemKind;
  readonly errors: readonly FieldError[];
  /** Seconds after which to try again. */
  readonly retryAfter: number | undefined;

  constructor(kind: ProblemKind, detail: string, errors: readonly FieldError[] = [], retryAfter?: number) {
    super(detail);
    this.name = 'ApiProblem';
    this.kind = kind;
    this.errors = errors;
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

/** What another tenant has, and what is not there at all, is the same answer (I8). */
export const notFound = (what: string, id: string): ApiProblem =>
  new ApiProblem(
    'not-found',
    `There is no ${what} "${id}". Check the id, and that your key is the tenant's it belongs to.`,
  );

/** A body, query or path that does not fit its schema. */
export function invalid(
  error: z.ZodError,
  where: 'body' | 'query' | 'path' | 'headers',
  kind: ProblemKind = 'invalid-request',
) {
  const errors = error.issues.flatMap((issue) => fieldErrors(issue, where));
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new ApiProblem(kind, `${first?.field ?? where}: ${first?.message ?? 'invalid'}${more}.`, errors);
}

function fieldErrors(issue: z.core.$ZodIssue, where: string): FieldError[] {
  const path = issue.path.map(nameOf);
  const field = path.length === 0 ? where : path.join('..');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...path, nameOf(key)].join('..'),
      message: 'is not known',
      remedy: 'Leave it out, or check its spelling against /openapi.json.',
    }));
  }
  if (issue.code === 'invalid_union') {
    return [{ field, message: 'fits none of the forms it may have', remedy: SEE }];
  }
  return [{ field, message: lower(issue.message), remedy: SEE }];
}

/** A field may have no name at all. */
const nameOf = (key: PropertyKey): string => (key === '' ? '""' : String(key));

const SEE = 'Give it as /openapi.json describes.';

const lower = (message: string): string =>
  message.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
