import type { Failure } from '#core/failures/failure.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { ModelAnswer, ModelRequest, RateLimit, RateLimits } from '#core/ports/model.ts';
import { RateLimiter } from '@agent-fleet/simulated-claude';
import type { Scheduler } from '../world/scheduler.ts';

export interface ProviderPlan {
  readonly requestsPerMinute?: number;
  readonly inputTokensPerMinute?: number;
  readonly outputTokensPerMinute?: number;
  /** Requests that others made just before the start. @default none */
  readonly usedUp?: number;
  /** Whether it names its limits and how long to wait. */
  readonly says: boolean;
  /** The longest and the shortest call, in milliseconds. */
  readonly callMs: readonly [number, number];
  /** Most tokens of a call, the fewest are a third of them. */
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface Outcome {
  readonly answer?: ModelAnswer;
  readonly failure: Failure;
  readonly rateLimits: RateLimits | undefined;
}

/** The provider of a simulated fleet: the token buckets of the simulated Claude, on simulated time. */
export class Provider {
  readonly #plan: ProviderPlan;
  readonly #scheduler: Scheduler;
  readonly #ids: Ids;
  readonly #limiter: RateLimiter;
  answered = 0;
  refused = 0;
  refusedLater = 0;
  #input = 0;
  #output = 0;

  constructor(plan: ProviderPlan, scheduler: Scheduler, ids: Ids) {
    this.#plan = plan;
    this.#scheduler = scheduler;
    this.#ids = ids;
    const { requestsPerMinute, inputTokensPerMinute, outputTokensPerMinute } = plan;
    this.#limiter = new RateLimiter(
      { requestsPerMinute, inputTokensPerMinute, outputTokensPerMinute },
      () => scheduler.now,
    );
    for (let request = 0; request < (plan.usedUp ?? 0); request += 1) this.#limiter.take('fleet', 0);
  }

  /** Calls that its limits allowed until now, by the mean tokens of those it answered: a full bucket, and its rate. */
  allowed(now: number): number {
    const {
      requestsPerMinute = Infinity,
      inputTokensPerMinute = Infinity,
      outputTokensPerMinute = Infinity,
    } = this.#plan;
    const each = Math.min(
      requestsPerMinute,
      inputTokensPerMinute / (this.#input / this.answered),
      outputTokensPerMinute / (this.#output / this.answered),
    );
    return Math.floor(each * (1 + now / 60_000));
  }

  call(request: ModelRequest): Promise<Outcome> {
    const { says, callMs, inputTokens, outputTokens } = this.#plan;
    const some = (most: number): number => Math.ceil(most / 3 + (this.#ids.random() * most * 2) / 3);
    const input = some(inputTokens);
    const taken = this.#limiter.take('fleet', input);
    if (!taken.ok) {
      this.refused += 1;
      if (this.#scheduler.now > 600_000) this.refusedLater += 1;
      const wait = says ? { retryAfterMs: taken.retryAfterSeconds * 1_000 } : {};
      const failure: Failure = { kind: 'throttled', reason: 'simulated 429', ...wait };
      return this.#after(50, () => ({ failure, rateLimits: this.#says() }));
    }
    return this.#after(callMs[0] + this.#ids.random() * (callMs[1] - callMs[0]), () => {
      const output = some(outputTokens);
      this.#limiter.settle('fleet', output);
      this.answered += 1;
      this.#input += input;
      this.#output += output;
      return { failure: NONE, rateLimits: undefined, answer: this.#answer(request, input, output) };
    });
  }

  #answer(request: ModelRequest, input: number, output: number): ModelAnswer {
    return {
      content: [{ type: 'text', text: '{"sum":1}' }],
      stopReason: 'end',
      usage: { input, output, cacheRead: 0, cacheWrite: 0 },
      model: request.model,
      requestId: `req_${this.answered}`,
      rateLimits: this.#says(),
    };
  }

  #says(): RateLimits | undefined {
    if (!this.#plan.says) return undefined;
    const headers = this.#limiter.headers('fleet');
    const of = (name: string): RateLimit | undefined => {
      const limit = headers[`anthropic-ratelimit-${name}-limit`];
      const remaining = headers[`anthropic-ratelimit-${name}-remaining`];
      return limit === undefined ? undefined : { limit: Number(limit), remaining: Number(remaining) };
    };
    return { requests: of('requests'), inputTokens: of('input-tokens'), outputTokens: of('output-tokens') };
  }

  #after<Result>(ms: number, result: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      this.#scheduler.at(this.#scheduler.now + ms, () => resolve(result()));
    });
  }
}

const NONE: Failure = { kind: 'transient', reason: 'none' };
