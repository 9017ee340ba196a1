import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import type { TaskWaiter } from '#core/ports/task-waiter.ts';
import { once } from '../aws/once.ts';
import { timeouts } from '../aws/timeouts.ts';

/** Throttling is an expected result here, so it is not retried. */
const impatient = once(
  () => new LambdaClient({ maxAttempts: 1, requestHandler: timeouts({ requestTimeout: 29_000 }) }),
);

export interface LambdaTaskWaiterOptions {
  readonly functionName: string;
  /** @default the process's shared client */
  readonly client?: LambdaClient;
}

/**
 * Waits in a separate function whose reserved concurrency limits how many requests can wait at once, so that waiting
 * requests never use up the concurrency of the rest of the API.
 */
export function lambdaTaskWaiter({ functionName, client = impatient() }: LambdaTaskWaiterOptions): TaskWaiter {
  return {
    async wait(taskIds, seconds) {
      try {
        // The function of a release before, which may still run during a deploy, knows one task only.
        const Payload = JSON.stringify({ taskIds, taskId: taskIds.at(-1), seconds });
        const { FunctionError } = await client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
        return FunctionError === undefined ? 'over' : 'busy';
      } catch (error) {
        if (error instanceof TooManyRequestsException) return 'busy';
        throw error;
      }
    },
  };
}
