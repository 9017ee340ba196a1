import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { fillInput, scheduledEvent } from '@agent-fleet/local-cloud/schedule-execution';
import { readScheduleInput } from '#core/schedules/schedule-input.ts';
import { UserError } from '../user-error.ts';
import type { Answer, SchedulesPlace } from './place.ts';

/**
 * `fleet schedules run-now`: calls the target with the schedule's own input, as Scheduler would at this moment. Scheduler's
 * API has no such action. Functions are called asynchronously, so their own retries apply.
 */
export async function runNow(place: SchedulesPlace, name: string, at: Date): Promise<Answer> {
  const { Arn = '', Target } = await place.scheduler.send(new GetScheduleCommand({ Name: name }));
  const target = Target?.Arn ?? '';
  const firedAt = at.getTime();
  const event = JSON.stringify(scheduledEvent('aws.scheduler', Arn, '{}', firedAt));
  const input = byHand(fillInput(Target?.Input ?? event, { id: randomUUID(), scheduleArn: Arn, firedAt }));
  const started = await start(place, target, input);
  return {
    value: { name, target, ...(started !== undefined && { execution: started }) },
    text: `${name} started ${started ?? target}.`,
  };
}

/** A run by hand must not take the name of the night's run. */
function byHand(input: string): string {
  const scheduled = readScheduleInput(input);
  return scheduled === undefined ? input : JSON.stringify({ ...scheduled, occasion: 'by-hand' });
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
