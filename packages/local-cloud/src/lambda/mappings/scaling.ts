/** How a mapping scales its concurrent batches. */
export interface ScalingRule {
  /** Concurrent batches at the start and after an idle period. */
  readonly initial: number;
  readonly maximum: number;
  /** Added per minute while there is a backlog. */
  readonly perMinute: number;
}

/**
 * Standard mode: 5 concurrent batches, 300 more per minute, at most 1,250.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function standardScaling(maximumConcurrency: number | undefined): ScalingRule {
  const maximum = maximumConcurrency ?? 1250;
  return { initial: Math.min(5, maximum), maximum, perMinute: 300 };
}

/**
 * Provisioned mode: 10 concurrent batches per poller, 1,000 more per minute. CloudFormation's defaults are 2 and 200
 * pollers.
 */
export function provisionedScaling(minimumPollers = 2, maximumPollers = 200): ScalingRule {
  return { initial: minimumPollers * 10, maximum: maximumPollers * 10, perMinute: 1000 };
}

/** The current limit of concurrent batches of a mapping. */
export class Scaling {
  readonly rule: ScalingRule;
  #limit: number;
  #growingSince: number | undefined;

  constructor(rule: ScalingRule) {
    this.rule = rule;
    this.#limit = rule.initial;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Milliseconds of backlog after which the limit rises by one. */
  get stepMs(): number {
    return 60_000 / this.rule.perMinute;
  }

  /** Reports that the limit is used up while messages may wait. The limit rises with the duration. */
  saturated(now: number): void {
    this.#growingSince ??= now;
    const steps = Math.floor((now - this.#growingSince) / this.stepMs);
    this.#growingSince += steps * this.stepMs;
    this.#limit = Math.min(this.rule.maximum, this.#limit + steps);
  }

  /** Reports an empty queue, which stops the rise. */
  relaxed(): void {
    this.#growingSince = undefined;
  }

  /** Reports an empty queue without running batches, which resets the limit. */
  idle(): void {
    this.#growingSince = undefined;
    this.#limit = this.rule.initial;
  }
}
