import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import type { TaskWaiter } from '#core/ports/task-waiter.ts';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** Throttled is an answer here, and worth no second try. */
const impatient = once(
  () => new LambdaClient({ maxAttempts: 1, requestHandler: timeouts({ requestTimeout: 29_000 }) }),
);

export interface LambdaTaskWaiterOptions {
  readonly functionName: string;
  /** @default the process's own, from the AWS environment */
  readonly client?: LambdaClient;
}

/**
 * Waits in a function whose reserved concurrency is the number of those who may wait at once: however many ask, the
 * rest of the API keeps its own.
 */
export function lambdaTaskWaiter({ functionName, client = impatient() }: LambdaTaskWaiterOptions): TaskWaiter {
  return {
    async wait(taskId, seconds) {
      try {
        await client.send(
          new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify({ taskId, seconds }) }),
        );
        return 'over';
      } catch (error) {
        if (error instanceof TooManyRequestsException) return 'busy';
        throw error;
      }
    },
  };
}
