import { z } from 'zod';
import { AssemblyError } from '../assembly/errors.ts';
import { compilePattern } from '../lambda/event-pattern.ts';
import { scheduledEvent } from '../services/scheduler/execution.ts';
import type { Target } from '../services/scheduler/targets.ts';
import { cfnNumber, ignored, resourceType } from './resource.ts';

const deadLetter = z.strictObject({ Arn: z.string().optional() }).optional();
/** A target is called once: a local failure would only repeat. */
const retries = z.unknown().optional();

const ruleTarget = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  Input: z.string().optional(),
  RoleArn: z.string().optional(),
  DeadLetterConfig: deadLetter,
  RetryPolicy: retries,
  SqsParameters: z.strictObject({ MessageGroupId: z.string() }).optional(),
});

/** An EventBridge rule: with a schedule, or with a pattern for events that services here emit to the default bus. */
export const rule = resourceType(
  'AWS::Events::Rule',
  z.strictObject({
    Name: z.string().optional(),
    Description: ignored,
    ScheduleExpression: z.string().optional(),
    EventPattern: z.record(z.string(), z.unknown()).optional(),
    EventBusName: z.literal('default').optional(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z.array(ruleTarget).default([]),
    RoleArn: ignored,
    Tags: ignored,
  }),
  (given, context) => {
    const { host, where } = context;
    if ((given.ScheduleExpression === undefined) === (given.EventPattern === undefined))
      throw new AssemblyError(where, 'a rule has either a ScheduleExpression or an EventPattern here.');
    const name = given.Name ?? context.physicalName(64);
    const arn = context.arn('events', `rule/${name}`);
    const expression = given.ScheduleExpression;
    if (given.State === 'ENABLED') {
      for (const { RoleArn, ...target } of given.Targets) {
        const events = 'events.amazonaws.com';
        const caller =
          RoleArn === undefined
            ? { accessKeyId: events, principal: events, source: arn }
            : context.identity(`${arn}/${target.Id}`, RoleArn, events);
        if (expression === undefined) {
          host.events.add({ name, pattern: compilePattern(given.EventPattern), target: targetOf(target) }, caller);
          continue;
        }
        const schedule = { ...always, arn: `${arn}/${target.Id}`, name, expression, timezone: 'UTC' };
        const event = (at: number) => scheduledEvent('aws.events', arn, {}, at);
        host.schedules.add({ ...schedule, targets: [targetOf(target)], event }, caller);
      }
    }
    return { ref: name, attributes: { Arn: arn } };
  },
);

const date = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();

export const schedule = resourceType(
  'AWS::Scheduler::Schedule',
  z.strictObject({
    Name: z.string().optional(),
    GroupName: z.string().default('default'),
    Description: z.string().optional(),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    StartDate: date,
    EndDate: date,
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    /** Any moment in the window is correct. Here the schedule fires at its start. */
    FlexibleTimeWindow: z.strictObject({ Mode: z.string(), MaximumWindowInMinutes: cfnNumber.optional() }),
    KmsKeyArn: ignored,
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.string(),
      Input: z.string().optional(),
      DeadLetterConfig: deadLetter,
      RetryPolicy: retries,
      SqsParameters: z.strictObject({ MessageGroupId: z.string().optional() }).optional(),
    }),
  }),
  (given, context) => {
    const name = given.Name ?? context.physicalName(64);
    const arn = context.arn('scheduler', `schedule/${given.GroupName}/${name}`);
    const caller = context.identity(arn, given.Target.RoleArn, 'scheduler.amazonaws.com');
    const [expression, timezone] = [given.ScheduleExpression, given.ScheduleExpressionTimezone];
    const [from, until] = [given.StartDate, given.EndDate];
    const event = (at: number) => scheduledEvent('aws.scheduler', arn, '{}', at);
    const targets = [targetOf(given.Target)];
    const definition = { ...given, Arn: arn, Name: name, ScheduleExpressionTimezone: timezone };
    context.host.schedules.add({ arn, name, expression, timezone, from, until, targets, event, definition }, caller);
    return { ref: name, attributes: { Arn: arn } };
  },
);

export const scheduleGroup = resourceType(
  'AWS::Scheduler::ScheduleGroup',
  z.strictObject({ Name: z.string().optional(), Tags: ignored }),
  ({ Name }, context) => {
    const name = Name ?? context.physicalName(64);
    return { ref: name, attributes: { Arn: context.arn('scheduler', `schedule-group/${name}`) } };
  },
);

const always = { from: undefined, until: undefined };

function targetOf(target: {
  readonly Arn: string;
  readonly Input?: string | undefined;
  readonly DeadLetterConfig?: z.output<typeof deadLetter>;
  readonly SqsParameters?: { readonly MessageGroupId?: string | undefined } | undefined;
}): Target {
  return {
    arn: target.Arn,
    input: target.Input,
    deadLetterArn: target.DeadLetterConfig?.Arn,
    messageGroupId: target.SqsParameters?.MessageGroupId,
  };
}
