import type { Problem } from './types.ts';

/** A request that was rejected or got no response, with the problem that the API returned (RFC 9457). */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly problem: Problem;
  /** Milliseconds to wait before a retry, if the API sent `Retry-After`. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(`${problem.detail}${remedies(problem)}`, cause === undefined ? {} : { cause });
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  /** The HTTP status; 0 if there was no response. */
  get status(): number {
    return this.problem.status;
  }

  /** The kind of problem, such as `not-found` or `too-many`. The client itself adds `no-answer` and `timed-out`. */
  get kind(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf(':') + 1);
  }
}

const remedies = ({ errors = [] }: Problem): string => errors.map(({ remedy }) => ` ${remedy}`).join('');

/** A problem that the client itself reports, because no response came. */
export function withoutAnswer(kind: 'no-answer' | 'timed-out', detail: string): Problem {
  const title = kind === 'no-answer' ? 'No response' : 'Timed out';
  return { type: `urn:agent-fleet:problem:${kind}`, title, status: 0, detail };
}

/** Returns the problem in a response, or builds one from the status if a proxy sent something else. */
export function problemFrom(status: number, body: unknown): Problem {
  if (isProblem(body)) return body;
  return {
    type: 'about:blank',
    title: `HTTP ${status}`,
    status,
    detail: `The response has status ${status} and no problem details.`,
  };
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'detail' in body && 'type' in body && 'status' in body;
