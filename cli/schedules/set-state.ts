import { UpdateScheduleCommand, type UpdateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { FoundSchedule } from './find.ts';
import { command, type Answer, type SchedulesPlace } from './place.ts';

/**
 * `fleet schedules pause` and `resume`, of all parts: the watchdog would start what is paused. An update replaces the whole
 * schedule: what it does not name returns to its default, so everything that was read is sent again.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
 */
export async function setState(
  place: SchedulesPlace,
  { name, main, parts }: FoundSchedule,
  state: 'ENABLED' | 'DISABLED',
): Promise<Answer> {
  for (const { definition: found } of parts) {
    const { $metadata: _, Arn: _arn, CreationDate: _made, LastModificationDate: _changed, ...definition } = found;
    await place.scheduler.send(
      new UpdateScheduleCommand({ ...definition, State: state } as UpdateScheduleCommandInput),
    );
  }
  const paused = state === 'DISABLED';
  const also =
    main.input === undefined
      ? ''
      : ' Its watchdog and its check are too. In production an alarm reminds of it after 28 hours.';
  return {
    value: { name, state: paused ? 'paused' : 'running', parts: parts.map((part) => part.name) },
    text: paused
      ? `${name} is paused.${also} Resume it with: ${command(place, `resume ${name}`)}`
      : `${name} runs again.`,
  };
}
