import { ExecutionDoesNotExist, StopExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Executions } from '#core/ports/executions.ts';
import { sfn } from './client.ts';

export interface StepFunctionsExecutionsOptions {
  /** @default the process's shared client */
  readonly client?: SFNClient;
}

/** Stops executions. Stopping one that has ended has no effect. */
export function stepFunctionsExecutions({ client = sfn() }: StepFunctionsExecutionsOptions = {}): Executions {
  return {
    async stop(arn, cause) {
      try {
        await client.send(new StopExecutionCommand({ executionArn: arn, error: 'Run.Cancelled', cause }));
        return 'stopped';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'none';
        throw error;
      }
    },
  };
}
