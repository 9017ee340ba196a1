import { ServiceError } from '../../service.ts';
import type { Caller, CallService } from '../../service.ts';

/** The outcome of an invocation. */
export type Outcome =
  | { readonly kind: 'response'; readonly payload: string }
  | { readonly kind: 'failed'; readonly errorMessage: string }
  | { readonly kind: 'throttled' | 'tooLarge' | 'rejected'; readonly reason: string };

/** Invokes a function for an API: as API Gateway itself with `source` as the source ARN, or with a role. */
export type InvokeFunction = (
  functionArn: string,
  event: string,
  source: string,
  caller: Caller | undefined,
) => Promise<Outcome>;

const SERVICE = 'apigateway.amazonaws.com';

export function invokeBy(call: CallService): InvokeFunction {
  return async (FunctionName, Payload, source, caller) => {
    const as = caller ?? { accessKeyId: SERVICE, principal: SERVICE, source };
    try {
      const output = await call('lambda', 'Invoke', { FunctionName, Payload }, as);
      const payload = String(output['Payload']);
      if (output['FunctionError'] === undefined) return { kind: 'response', payload };
      return { kind: 'failed', errorMessage: errorMessageOf(payload) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const reason = `${error.code}: ${error.message}`;
      if (error.code === 'TooManyRequestsException') return { kind: 'throttled', reason };
      if (error.code === 'RequestTooLargeException') return { kind: 'tooLarge', reason };
      return { kind: 'rejected', reason };
    }
  };
}

function errorMessageOf(payload: string): string {
  const error: unknown = JSON.parse(payload);
  const message: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'errorMessage') : undefined;
  return typeof message === 'string' ? message : payload;
}
