import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import { fillInput, scheduledEvent } from '@agent-fleet/local-cloud/schedule-execution';
import { UserError } from '../user-error.ts';
import type { FoundSchedule } from './find.ts';
import type { Answer, SchedulesPlace } from './place.ts';

/**
 * `fleet schedules run-now`: calls the target with the schedule's own input, as Scheduler would at this moment. Scheduler's
 * API has no such action. A `Schedule` starts a run by hand, which has a name of its own. Other functions are called
 * asynchronously, so their own retries apply.
 */
export async function runNow(place: SchedulesPlace, { name, main }: FoundSchedule, at: Date): Promise<Answer> {
  const { Arn = '', Target } = main.definition;
  const target = Target?.Arn ?? '';
  const firedAt = at.getTime();
  const event = JSON.stringify(scheduledEvent('aws.scheduler', Arn, '{}', firedAt));
  const fill = (input: string): string => fillInput(input, { id: randomUUID(), scheduleArn: Arn, firedAt });
  if (main.input !== undefined) {
    const runId = await startRun(place, target, fill(JSON.stringify({ ...main.input, occasion: 'by-hand' })));
    const text = `${name} started the run ${runId}. It shares the results of the last night. Watch it with: npm run fleet -- runs ${runId}`;
    return { value: { name, target, runId }, text };
  }
  const started = await start(place, target, fill(Target?.Input ?? event));
  return {
    value: { name, target, ...(started !== undefined && { execution: started }) },
    text: `${name} started ${started ?? target}.`,
  };
}

const startedSchema = z.object({ runId: z.string() });

/** Waits for the function's answer: whoever starts a run by hand wants to know whether it started. */
async function startRun({ client }: SchedulesPlace, target: string, input: string): Promise<string> {
  const lambda = new LambdaClient(client);
  const { Payload } = await lambda
    .send(new InvokeCommand({ FunctionName: target, Payload: Buffer.from(input) }))
    .finally(() => lambda.destroy());
  const answer = startedSchema.safeParse(JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null'));
  if (answer.success) return answer.data.runId;
  throw new UserError(
    'The function that starts the run failed.',
    `See the log of ${target}, and whether its state machine exists.`,
  );
}
/** Returns the ARN of the execution, for a state machine. */
async function start({ client }: SchedulesPlace, target: string, input: string): Promise<string | undefined> {
  const [, , service] = target.split(':');
  if (service === 'lambda') {
    const lambda = new LambdaClient(client);
    await lambda
      .send(new InvokeCommand({ FunctionName: target, InvocationType: 'Event', Payload: Buffer.from(input) }))
      .finally(() => lambda.destroy());
    return undefined;
  }
  if (service === 'states') {
    const sfn = new SFNClient(client);
    const { executionArn } = await sfn
      .send(new StartExecutionCommand({ stateMachineArn: target, input }))
      .finally(() => sfn.destroy());
    return executionArn;
  }
  throw new UserError(
    `${target} is neither a function nor a state machine.`,
    'Call it by the AWS CLI, or start what it starts by hand.',
  );
}
