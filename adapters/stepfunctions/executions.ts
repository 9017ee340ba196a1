import { ExecutionDoesNotExist, StopExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { isAway } from '../aws/is-away.ts';
import { regionsHere, type Regions } from '../aws/regions.ts';
import type { Executions } from '#core/ports/executions.ts';
import { sfn, sfnIn } from './client.ts';

export interface StepFunctionsExecutionsOptions {
  /** @default the process's shared client */
  readonly client?: SFNClient;
  /** The regions of a global fleet. @default those of the process, unless it is given a client */
  readonly regions?: Regions | null;
  /** The client of another region, by AWS's name of it. @default one that does not wait long */
  readonly clientIn?: (region: string) => SFNClient;
}

/** Stops executions, in whichever region of the fleet they are. Stopping one that has ended has no effect. */
export function stepFunctionsExecutions(options: StepFunctionsExecutionsOptions = {}): Executions {
  const { client = sfn(), regions = options.client ? null : regionsHere(), clientIn = sfnIn } = options;
  const here = regions?.all[regions.index]?.region;
  return {
    async stop(arn, cause) {
      const region = arn.split(':')[3] ?? '';
      const isElsewhere = here !== undefined && region !== here;
      try {
        const stop = new StopExecutionCommand({ executionArn: arn, error: 'Run.Cancelled', cause });
        await (isElsewhere ? clientIn(region) : client).send(stop);
        return 'stopped';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return 'none';
        if (isElsewhere && isAway(error)) return 'out-of-reach';
        throw error;
      }
    },
  };
}
