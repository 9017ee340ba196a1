import type { SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { Workflow, Workflows } from '#core/ports/workflows.ts';
import { executionOfRun } from '#core/regions/home.ts';
import { stepFunctionsRuns } from './runs.ts';

/** Pipelines as a function's environment names them. */
export const workflowsSchema = z.array(
  z.object({ name: z.string(), agents: z.array(z.string()), stateMachineArn: z.string() }),
);

/** Pipelines as state machines. A run's id is the name of its execution, with the region in front in a global fleet. */
export function stepFunctionsWorkflows(listed: z.infer<typeof workflowsSchema>, client?: SFNClient): Workflows {
  const workflows = listed.map(({ name, agents, stateMachineArn }): Workflow => ({
    name,
    agents,
    executionOf: (runId) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${executionOfRun(runId)}`,
    start: (runId, input) =>
      stepFunctionsRuns<object>({ stateMachineArn, ...(client && { client }) }).start(executionOfRun(runId), input),
  }));
  return {
    names: workflows.map(({ name }) => name),
    find: (name) => workflows.find((each) => each.name === name) ?? null,
  };
}
