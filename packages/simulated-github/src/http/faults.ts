import { z } from 'zod';
import { ApiError, unprocessable, validationFailed } from './api-error.ts';
import { primaryLimit, secondaryLimit } from './limits.ts';

/** The faults that can be injected into a request, by the header `x-simulated-fault` or by a rule. */
export const FAULTS = [
  '401',
  '404',
  '429',
  '500',
  '502',
  '503',
  '502-after-create',
  'abuse',
  'concurrent',
  'disconnect',
  'disconnect-after-create',
  'head-moves',
  'missing-patch',
  'primary-limit',
  'secondary-limit',
  'secondary-limit-without-retry-after',
  'slow',
  'stale',
] as const;
export type Fault = (typeof FAULTS)[number];

/** A fault for the next requests that match. */
export const faultRuleSchema = z.strictObject({
  fault: z.enum(FAULTS),
  /** @default every method */
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  /** A part of the path, e.g. `/reviews`. @default every path */
  path: z.string().optional(),
  /** How many requests it applies to. @default 1 */
  times: z.int().positive().default(1),
  /** `retry-after` of a limit, and the delay of `slow`. @default 1 */
  seconds: z.number().nonnegative().default(1),
});
export type FaultRule = z.input<typeof faultRuleSchema>;

/** The fault of one request. */
export interface Injected {
  readonly fault: Fault;
  readonly seconds: number;
}

/** Decides which requests get which fault. */
export class FaultPlan {
  #rules: { rule: z.output<typeof faultRuleSchema>; left: number }[] = [];

  add(rule: FaultRule): void {
    const parsed = faultRuleSchema.parse(rule);
    this.#rules.push({ rule: parsed, left: parsed.times });
  }

  clear(): void {
    this.#rules = [];
  }

  /** Returns the fault of a request: from its header, else from the first rule that matches. */
  next(header: string | undefined, method: string, path: string): Injected | undefined {
    if (header === 'none') return undefined;
    if (header !== undefined) return parseHeader(header);
    const found = this.#rules.find(({ rule }) => (rule.method ?? method) === method && path.includes(rule.path ?? ''));
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left === 0) this.#rules = this.#rules.filter((each) => each !== found);
    return found.rule;
  }
}

/** `fault` or `fault; seconds=7`. */
function parseHeader(header: string): Injected {
  const [name = '', seconds] = header.split(/\s*;\s*seconds=/);
  const fault = FAULTS.find((each) => each === name);
  if (fault !== undefined) return { fault, seconds: Number(seconds ?? 1) || 0 };
  const message = `x-simulated-fault: "${name}" is not a fault. Use one of: none, ${FAULTS.join(', ')}.`;
  throw new ApiError(400, message);
}

/** The error that a fault stands for, or undefined when it changes the answer in another way. */
export function errorOf({ fault, seconds }: Injected, path: string, now: number): ApiError | undefined {
  switch (fault) {
    case '401':
      return new ApiError(401, 'Bad credentials');
    case '404':
      return new ApiError(404, 'Not Found');
    case '429':
      return secondaryLimit(seconds, 429);
    case '500':
    case '502':
    case '503':
      return new ApiError(Number(fault), 'Server Error');
    case 'abuse':
      return abuse(path);
    case 'concurrent':
      return concurrent(path);
    case 'primary-limit':
      return primaryLimit('installation:0', {
        'x-ratelimit-reset': String(Math.ceil(now / 1_000 + seconds)),
        'x-ratelimit-remaining': '0',
      });
    case 'secondary-limit':
      return secondaryLimit(seconds);
    case 'secondary-limit-without-retry-after':
      return secondaryLimit(undefined);
    case '502-after-create':
    case 'disconnect':
    case 'disconnect-after-create':
    case 'head-moves':
    case 'missing-patch':
    case 'slow':
    case 'stale':
      return undefined;
  }
}

/** The 422 of a client that writes too much too quickly. */
export const abuse = (path: string): ApiError =>
  path.endsWith('/reviews')
    ? unprocessable('Review comments was submitted too quickly')
    : validationFailed({
        resource: 'PullRequestReviewComment',
        code: 'abuse',
        field: 'base',
        message: 'was submitted too quickly',
      });

/** The 422 of a review or comment while another one of the same user is written. */
export const concurrent = (path: string): ApiError =>
  path.endsWith('/reviews')
    ? unprocessable('Review comments is invalid and Review threads is invalid')
    : validationFailed({
        resource: 'PullRequestReviewComment',
        code: 'custom',
        field: 'pull_request_review_id',
        message: 'pull_request_review_id must be pending',
      });
