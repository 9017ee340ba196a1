import { ExecutionDoesNotExist, type DescribeExecutionCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { expect, it } from 'vitest';
import type { FoundSchedule } from '#cli/schedules/find.ts';
import { lastRun } from '#cli/schedules/last-run.ts';

/** Three in the morning in UTC. */
const NOW = Date.UTC(2026, 10, 28, 3, 0);
const EXECUTIONS = 'arn:aws:states:eu-west-1:000000000000:execution:companies:companies-nightly-';

function schedule(home?: string): FoundSchedule {
  const main = {
    name: 'companies-due',
    definition: { $metadata: {}, ScheduleExpression: 'cron(0 22 * * ? *)', ScheduleExpressionTimezone: 'UTC' },
    input: { schedule: 'nightly', occasion: 'due', executions: EXECUTIONS, scheduledTime: 'now', home } as const,
  };
  return { name: 'nightly', main, parts: [main] };
}

/** Has executions by the ends of their names, each with its status. */
function stepFunctions(executions: Readonly<Record<string, string>>): SFNClient {
  const send = async ({ input: { executionArn = '' } }: DescribeExecutionCommand) => {
    const status = executions[executionArn.slice(EXECUTIONS.length)];
    if (status === undefined) throw new ExecutionDoesNotExist({ message: 'none', $metadata: {} });
    return { executionArn, name: executionArn.split(':').at(-1), status };
  };
  return { send } as unknown as SFNClient;
}

it.each([
  [{}, 'eu.companies-nightly-2026-11-27', 'not-started'],
  [{ '2026-11-27': 'SUCCEEDED' }, 'eu.companies-nightly-2026-11-27', 'succeeded'],
  [{ '2026-11-27': 'FAILED', '2026-11-27-2': 'RUNNING' }, 'eu.companies-nightly-2026-11-27-2', 'running'],
])('the last run of a region has the id by which the fleet shows it: %j', async (executions, runId, status) => {
  expect(await lastRun(stepFunctions(executions), schedule('eu'), NOW)).toMatchObject({ runId, status });
});

it('the last run of the first region has the name of its execution', async () => {
  const sfn = stepFunctions({ '2026-11-27': 'SUCCEEDED' });
  expect(await lastRun(sfn, schedule(), NOW)).toMatchObject({ runId: 'companies-nightly-2026-11-27' });
});
