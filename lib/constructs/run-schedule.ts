import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { changesClocks } from '#core/parse/local-time.ts';
import type { StartScheduledRunEnv } from '#functions/start-scheduled-run/env.ts';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { FleetFunction } from './fleet-function.ts';
import type { Pipeline } from './pipeline.ts';
import { deadLetterQueue } from './queues.ts';

export interface ScheduleProps {
  readonly pipeline: Pipeline;
  /** Begins the names of its runs. Lower case with dashes. */
  readonly name: string;
  /** IANA time zone, such as `Europe/Berlin`. */
  readonly zone: string;
  /** Local time at which a run starts every day, such as `22:00`. */
  readonly at: string;
  /** Local time at which a run that did not start is started after all, such as `04:30`. */
  readonly watchdog: string;
  /** Local time by which a run ends with what there is. @default the pipeline's deadline */
  readonly by?: string;
  /** Minutes by which Scheduler may start later, to spread load. @default 0 */
  readonly flexibleMinutes?: number;
  /** The input of each run, such as `{ items: { key: 'uploads/companies.jsonl' } }`. Its group is the local date. */
  readonly input: Readonly<Record<string, unknown>> & {
    readonly items: { readonly bucket?: string; readonly key: string };
  };
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
/** Nowhere do clocks change after four o'clock. */
const SAFE_FROM = '04:00';
const TIME_LIMIT = 30;

/**
 * Starts a run of a pipeline every day at a local time, also when the clocks change. Two schedules call one function, which
 * names the execution by the date: the second one starts only what is missing. Where data is protected, an alarm rings when
 * no run has succeeded for 25 hours.
 */
export class Schedule extends Construct {
  readonly start: FleetFunction<StartScheduledRunEnv>;
  readonly deadLetters: Queue;
  readonly due: CfnSchedule;
  readonly watchdog: CfnSchedule;

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    check(props);
    this.start = this.#makeStart(props);
    this.deadLetters = deadLetterQueue(this, 'Unstarted', TIME_LIMIT);
    explain(this.deadLetters, { SQS3: 'It keeps calls that failed. It is a dead-letter queue itself.' });
    const role = new Role(this, 'ScheduleRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    const { functionArn } = this.start.live;
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn] }));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }));
    this.due = this.#schedule('Due', 'due', props.at, props, role);
    this.watchdog = this.#schedule('Watchdog', 'watchdog', props.watchdog, { ...props, flexibleMinutes: 0 }, role);
    if (FleetStack.of(this).config.protectData) this.#watch(props);
  }

  #makeStart({ pipeline, name, zone, at, by = '', input }: ScheduleProps) {
    return new FleetFunction<StartScheduledRunEnv>(this, 'Start', {
      entry: 'functions/start-scheduled-run/handler.ts',
      service: 'start-scheduled-run',
      description: 'Starts the runs of a schedule',
      timeLimit: TIME_LIMIT,
      environment: {
        STATE_MACHINE_ARN: pipeline.starting(),
        SCHEDULE: name,
        ZONE: zone,
        AT: at,
        BY: by,
        INPUT: JSON.stringify(input),
      },
    });
  }

  #schedule(id: string, occasion: string, at: string, props: ScheduleProps, role: Role): CfnSchedule {
    const { name, zone, flexibleMinutes = 0 } = props;
    const [hour, minute] = at.split(':').map(Number);
    const what = occasion === 'due' ? 'Starts a run of' : 'Starts a missing run of';
    return new CfnSchedule(this, id, {
      description: `${what} ${name} at ${at}, ${zone}`,
      scheduleExpression: `cron(${minute} ${hour} * * ? *)`,
      scheduleExpressionTimezone: zone,
      flexibleTimeWindow:
        flexibleMinutes > 0 ? { mode: 'FLEXIBLE', maximumWindowInMinutes: flexibleMinutes } : { mode: 'OFF' },
      target: {
        arn: this.start.live.functionArn,
        roleArn: role.roleArn,
        // Scheduler puts the planned time in, which is the same for all its retries.
        input: JSON.stringify({ occasion, scheduledTime: '<aws.scheduler.scheduled-time>' }),
        deadLetterConfig: { arn: this.deadLetters.queueArn },
        retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3_600 },
      },
    });
  }

  /** A dead man's switch: without data it rings. */
  #watch({ pipeline, name }: ScheduleProps): void {
    const { alarmAction } = FleetStack.of(this);
    const made = new Alarm(this, 'MissedAlarm', {
      metric: new Metric({
        namespace: 'AWS/States',
        metricName: 'ExecutionsSucceeded',
        dimensionsMap: { StateMachineArn: pipeline.stateMachine.stateMachineArn },
        statistic: 'Sum',
        period: Duration.hours(1),
      }),
      threshold: 1,
      evaluationPeriods: 25,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
      alarmDescription: `No run of ${name} has succeeded for 25 hours. See whether it started (fleet schedules list) and its execution. Start it with: fleet schedules run-now.`,
    });
    if (alarmAction === undefined) return;
    made.addAlarmAction(alarmAction);
    made.addOkAction(alarmAction);
  }
}

function check({ name, zone, at, watchdog, by, flexibleMinutes = 0 }: ScheduleProps): void {
  if (!/^[a-z][a-z0-9-]{0,50}$/.test(name))
    throw new Error(`The schedule's name ${name} must be lower case with dashes, at most 51 characters.`);
  for (const [field, time] of Object.entries({ at, watchdog, ...(by !== undefined && { by }) }))
    if (!TIME.test(time)) throw new Error(`The schedule ${name} has ${field} ${time}. Use a time like 22:00.`);
  if (flexibleMinutes < 0 || flexibleMinutes > 1_440)
    throw new Error(`The schedule ${name} has a window of ${flexibleMinutes} minutes. Use 0 to 1440.`);
  if (at === watchdog) throw new Error(`The watchdog of ${name} must come later than ${at}, such as 04:30.`);
  let changes: boolean;
  try {
    changes = changesClocks(zone, Date.now());
  } catch {
    throw new Error(`The schedule ${name} has the zone ${zone}. Use an IANA time zone like Europe/Berlin.`);
  }
  if (!changes) return;
  for (const [field, time] of Object.entries({ at, watchdog }))
    if (time < SAFE_FROM)
      throw new Error(
        `The schedule ${name} has ${field} ${time} in ${zone}. When the clocks change, a time before 04:00 may not exist, and Scheduler skips that day. Start the evening before, such as at 22:00, or at 04:00 or later.`,
      );
}
