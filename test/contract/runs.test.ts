import { ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import { startStepFunctions } from '@agent-fleet/local-cloud/testing/stepfunctions';
import { recordingRuns } from '../support/fakes/recording-runs.ts';
import { runsContract } from './runs.contract.ts';

describe('recorded runs', () => {
  runsContract(async () => {
    const runs = recordingRuns();
    return {
      runs,
      started: async (name) => [runs.started.get(name)].filter((input) => input !== undefined),
      end: async () => undefined,
    };
  });
});

/** A state machine that runs until it is stopped. */
const LONG = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 3_600, End: true } } };

describe('runs in Step Functions', () => {
  runsContract(async () => {
    const machines = await startStepFunctions();
    const stateMachineArn = await machines.create('fan-out', LONG);
    const { client } = machines;
    const named = async (name: string): Promise<readonly string[]> => {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
      return executions.flatMap((execution) => (execution.name === name ? (execution.executionArn ?? []) : []));
    };
    return {
      runs: stepFunctionsRuns({ stateMachineArn, client }),
      started: async (name) =>
        Promise.all(
          (await named(name)).map(async (arn) => JSON.parse((await machines.describe(arn)).input ?? '') as unknown),
        ),
      async end(name) {
        for (const executionArn of await named(name)) await client.send(new StopExecutionCommand({ executionArn }));
      },
    };
  });

  it('fail if the state machine does not exist', async () => {
    const { client } = await startStepFunctions();
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:none';
    const start = stepFunctionsRuns({ stateMachineArn, client }).start('upload-1', { uploadId: 'upload-1', retry: 0 });
    await expect(start).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });
});
