import type { Problem } from './types.ts';

/** A request that was refused or got no answer, with the problem as the API worded it (RFC 9457). */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly problem: Problem;
  /** Milliseconds after which to try again, where the API said so. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, { retryAfterMs, cause }: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(`${problem.detail}${remedies(problem)}`, cause === undefined ? {} : { cause });
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }

  /** The HTTP status; 0 where no answer came. */
  get status(): number {
    return this.problem.status;
  }

  /** The problem's kind, such as `not-found`, `cannot-accept`, `too-many`; the client's own are `no-answer` and `timed-out`. */
  get kind(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf(':') + 1);
  }
}

const remedies = ({ errors = [] }: Problem): string => errors.map(({ remedy }) => ` ${remedy}`).join('');

/** A problem of the client's own, for which no answer came. */
export function withoutAnswer(kind: 'no-answer' | 'timed-out', detail: string): Problem {
  const title = kind === 'no-answer' ? 'The fleet did not answer' : 'The time was up';
  return { type: `urn:agent-fleet:problem:${kind}`, title, status: 0, detail };
}

/** The problem in an answer; made of its status where a proxy answered in words of its own. */
export function problemFrom(status: number, body: unknown): Problem {
  if (isProblem(body)) return body;
  return { type: 'about:blank', title: `HTTP ${status}`, status, detail: `The fleet answered with status ${status}.` };
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'detail' in body && 'type' in body && 'status' in body;
