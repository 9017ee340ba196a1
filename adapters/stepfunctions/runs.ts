import { ExecutionAlreadyExists, StartExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { Runs } from '#core/ports/runs.ts';
import { sfn } from './client.ts';

export interface StepFunctionsRunsOptions {
  readonly stateMachineArn: string;
  /** @default the process's shared client */
  readonly client?: SFNClient;
}

/**
 * Starts runs as Standard executions. Step Functions keeps a name for 90 days after its execution ended. Starting the
 * same name with the same input again has no effect and succeeds.
 */
export function stepFunctionsRuns<Input extends object = Parameters<Runs['start']>[1]>({
  stateMachineArn,
  client = sfn(),
}: StepFunctionsRunsOptions): Runs<Input> {
  return {
    async start(name, input) {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
  };
}
