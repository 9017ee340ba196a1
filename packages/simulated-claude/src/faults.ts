import { ApiError, invalidRequest } from './api-error.ts';
import { faultSchema, type Fault, type Faults } from './options.ts';
import { draw } from './seeded.ts';

/** Faults that damage the answer. They depend on the request's content, so a document gets the same fault on every run. */
const OF_THE_ANSWER: ReadonlySet<Fault> = new Set(['broken-json', 'invalid-schema', 'wrong-quote', 'refusal', 'pause']);

/** Decides which calls get which fault. */
export class FaultPlan {
  #faults: Faults;
  #calls = 0;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** From the next call on. A script begins with it. */
  change(faults: Faults): void {
    this.#faults = faults;
    this.#calls = 0;
  }

  /**
   * Returns the fault of the next call: from its header, else from the script, else drawn by the seeded rates. Faults of
   * the connection are drawn by order of arrival, so that a retry with the same content can succeed.
   */
  next(header: string | undefined, content: string): Fault | null {
    if (header !== undefined) return parseHeader(header);
    const call = this.#calls;
    this.#calls += 1;
    const scripted = this.#faults.script[call];
    if (scripted !== undefined) return scripted === 'none' ? null : scripted;
    for (const fault of faultSchema.options) {
      const rate = this.#faults.rates[fault];
      const subject = OF_THE_ANSWER.has(fault) ? content : call;
      if (rate !== undefined && draw(this.#faults.seed, fault, subject) < rate) return fault;
    }
    return null;
  }

  /** Returns the fault of a batch entry's answer, drawn by the seeded rates from its content. */
  ofAnswer(content: string): Fault | null {
    const { rates, seed } = this.#faults;
    return [...OF_THE_ANSWER].find((fault) => draw(seed, fault, content) < (rates[fault] ?? 0)) ?? null;
  }

  /** Returns the error that a fault stands for, or null when the fault damages the answer instead. */
  errorOf(fault: Fault | null): ApiError | null {
    const retryAfter = { 'retry-after': String(this.#faults.retryAfterSeconds) };
    if (fault === '429')
      return new ApiError('rate_limit_error', 'Simulated: this request would exceed your rate limit.', retryAfter);
    if (fault === '529') return new ApiError('overloaded_error', 'Simulated: Overloaded');
    return fault === '500' ? new ApiError('api_error', 'Simulated: Internal server error') : null;
  }
}

function parseHeader(header: string): Fault | null {
  if (header === 'none') return null;
  const parsed = faultSchema.safeParse(header);
  if (parsed.success) return parsed.data;
  throw invalidRequest(
    'x-simulated-fault',
    `"${header}" is not a fault. Use one of: none, ${faultSchema.options.join(', ')}.`,
  );
}
