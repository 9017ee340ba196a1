import { randomUUID } from 'node:crypto';
import { measureConcurrency, measureInvocation, measureThrottle } from '../services/cloudwatch/feeds/lambda.ts';
import { ServiceError } from '../services/service.ts';
import { EnvironmentPool } from './pool.ts';
import type { FunctionHost } from './pool.ts';
import type { EnvironmentSpec, FunctionError, Outcome } from './protocol.ts';

/** The resolved CloudFormation properties of a function. */
export interface FunctionConfig extends EnvironmentSpec {
  readonly arn: string;
  readonly roleArn: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  /** Maximum concurrent events. Undefined is limited only by the account. */
  readonly reservedConcurrency: number | undefined;
  readonly description: string;
  /** The variables that Lambda's API shows: those of the template and of the cloud's options, without the access key. */
  readonly configuredVariables: Readonly<Record<string, string>>;
}

/** The result of an invocation, as its caller sees it. */
export interface InvokeResult {
  readonly requestId: string;
  /** The response of the handler, or `{errorType, errorMessage, trace}`, as JSON text. */
  readonly payload: string;
  readonly failed: boolean;
}

/** Maximum size of the event and the response of a synchronous invocation, in bytes: slightly above 6 MB, as on AWS. */
export const MAX_PAYLOAD = 6_291_556;

/** A function that can be invoked. It enforces concurrency and payload limits and formats errors. Its pool runs the events. */
export class LambdaFunction {
  readonly config: FunctionConfig;
  readonly pool: EnvironmentPool;
  readonly #host: FunctionHost;
  #running = 0;
  #closed = false;
  #whenIdle: (() => void) | undefined;

  constructor(config: FunctionConfig, host: FunctionHost) {
    this.config = config;
    this.#host = host;
    this.pool = new EnvironmentPool(config, host);
  }

  /**
   * Runs one event until it ends. Throws `TooManyRequestsException` at the concurrency limit of the function or the
   * account, and `RequestTooLargeException` for an event above 6 MB.
   */
  async invoke(
    payload: string,
    functionArn = this.config.arn,
    requestId: string = randomUUID(),
  ): Promise<InvokeResult> {
    this.#checkLimits(payload, functionArn);
    this.#running++;
    measureConcurrency(this.#host.measure, this.config.functionName, this.#running);
    const began = performance.now();
    let failed = true;
    try {
      const outcome = await new Promise<Outcome>((settle) => {
        this.pool.add({ requestId, payload, functionArn, settle });
      });
      if (outcome.kind === 'success' && Buffer.byteLength(outcome.payload) <= MAX_PAYLOAD) {
        failed = false;
        return { requestId, payload: outcome.payload, failed: false };
      }
      const error = this.#failure(requestId, outcome);
      return { requestId, payload: JSON.stringify(error), failed: true };
    } finally {
      const duration = performance.now() - began;
      measureInvocation(this.#host.measure, this.#measured(functionArn), { failed, duration });
      this.#running--;
      this.#host.capacity.eventEnded();
      if (this.#running === 0) this.#whenIdle?.();
    }
  }

  /** Resolves when no event runs, or after `drainMs`. */
  async drained(drainMs: number): Promise<void> {
    if (this.#running === 0 || drainMs <= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, drainMs);
    this.#whenIdle = resolve;
    await promise;
    clearTimeout(timer);
  }

  /** Rejects new events and stops every environment. Running events end as crashes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.pool.close();
  }

  /** How the metrics name what was invoked. */
  #measured(functionArn: string): Parameters<typeof measureInvocation>[1] {
    const { functionName, arn } = this.config;
    return { functionName, qualifier: functionArn === arn ? undefined : functionArn.slice(arn.length + 1) };
  }

  #checkLimits(payload: string, functionArn: string): void {
    if (this.#closed) throw new ServiceError('ServiceException', 'The local cloud is closing.', 500);
    if (Buffer.byteLength(payload) > MAX_PAYLOAD) {
      const message = `${Buffer.byteLength(payload)} byte payload is too large for the RequestResponse invocation type (limit ${MAX_PAYLOAD} bytes)`;
      throw new ServiceError('RequestTooLargeException', message, 413);
    }
    const { reservedConcurrency } = this.config;
    const full = reservedConcurrency !== undefined && this.#running >= reservedConcurrency;
    if (full || !this.#host.capacity.tryStartEvent()) {
      measureThrottle(this.#host.measure, this.#measured(functionArn));
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
  }

  #failure(requestId: string, outcome: Outcome): FunctionError {
    const code = outcome.kind === 'crash' || outcome.kind === 'timeout' ? outcome.kind : 'error';
    const error = this.#errorOf(requestId, outcome);
    const { errorType, errorMessage: message } = error;
    this.#host.onEvent({ code: `lambda.${code}`, function: this.config.functionName, requestId, errorType, message });
    return error;
  }

  #errorOf(requestId: string, outcome: Outcome): FunctionError {
    switch (outcome.kind) {
      case 'success':
        return {
          errorType: 'Function.ResponseSizeTooLarge',
          errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD} bytes).`,
        };
      case 'error':
        return outcome.error;
      case 'crash':
        return { ...outcome.error, errorMessage: `RequestId: ${requestId} ${outcome.error.errorMessage}` };
      case 'timeout': {
        const seconds = this.config.timeoutSeconds.toFixed(2);
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`;
        return { errorType: 'Sandbox.Timedout', errorMessage };
      }
    }
  }
}
