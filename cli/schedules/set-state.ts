import { GetScheduleCommand, UpdateScheduleCommand, type UpdateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { Answer, SchedulesPlace } from './place.ts';

/**
 * `fleet schedules pause` and `resume`. An update replaces the whole schedule: what it does not name returns to its default,
 * so everything that was read is sent again.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 */
export async function setState(
  { scheduler }: SchedulesPlace,
  name: string,
  state: 'ENABLED' | 'DISABLED',
): Promise<Answer> {
  const found = await scheduler.send(new GetScheduleCommand({ Name: name }));
  const { $metadata: _, Arn: _arn, CreationDate: _made, LastModificationDate: _changed, ...definition } = found;
  await scheduler.send(new UpdateScheduleCommand({ ...definition, State: state } as UpdateScheduleCommandInput));
  const paused = state === 'DISABLED';
  return {
    value: { name, state: paused ? 'paused' : 'running' },
    text: paused
      ? `${name} is paused. Resume it with: npm run fleet -- schedules resume ${name}`
      : `${name} runs again.`,
  };
}
