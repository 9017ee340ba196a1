/** By which rule a mapping may run more batches at once. */
export interface ScalingRule {
  /** Concurrent batches at once, from the start and again after a lull. */
  readonly initial: number;
  readonly maximum: number;
  /** Added per minute while there is a backlog. */
  readonly perMinute: number;
}

/**
 * Standard mode: 5 batches at once, 300 more a minute, at most 1,250.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function standardScaling(maximumConcurrency: number | undefined): ScalingRule {
  const maximum = maximumConcurrency ?? 1250;
  return { initial: Math.min(5, maximum), maximum, perMinute: 300 };
}

/** Provisioned mode: a poller carries 10 concurrent batches; 1,000 more a minute. Defaults as CloudFormation's: 2 and 200. */
export function provisionedScaling(minimumPollers = 2, maximumPollers = 200): ScalingRule {
  return { initial: minimumPollers * 10, maximum: maximumPollers * 10, perMinute: 1000 };
}

/** How many batches a mapping may run at once, now. */
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

  /** Milliseconds of backlog that earn one more batch. */
  get stepMs(): number {
    return 60_000 / this.rule.perMinute;
  }

  /** Every allowed batch runs while messages may wait: the limit rises with the time this lasts. */
  saturated(now: number): void {
    this.#growingSince ??= now;
    const steps = Math.floor((now - this.#growingSince) / this.stepMs);
    this.#growingSince += steps * this.stepMs;
    this.#limit = Math.min(this.rule.maximum, this.#limit + steps);
  }

  /** A poll found the queue empty: no backlog, no growth. */
  relaxed(): void {
    this.#growingSince = undefined;
  }

  /** Nothing came for a whole long poll and nothing runs. */
  idle(): void {
    this.#growingSince = undefined;
    this.#limit = this.rule.initial;
  }
}
