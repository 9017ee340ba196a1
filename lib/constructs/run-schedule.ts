import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import type { ScheduleInput } from '#core/schedules/schedule-input.ts';
import { checkTime } from '#core/schedules/scheduled-run.ts';
import type { CheckScheduledRunEnv } from '#functions/check-scheduled-run/env.ts';
import type { StartScheduledRunEnv } from '#functions/start-scheduled-run/env.ts';
import { explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { fleetRegions } from '../regions.ts';
import { granting, type Wire } from '../wiring.ts';
import { FleetFunction } from './fleet-function.ts';
import { withFirstHome } from './homes-access.ts';
import { CHECK_SERVICE, keepFailedCalls, watchRuns } from './missed-run.ts';
import type { Pipeline } from './pipeline.ts';
import { checkSchedule, defaultBy } from './schedule-times.ts';

export interface ScheduleProps {
  readonly pipeline: Pipeline;
  /** Lower case with dashes. No other schedule of the region has it. Runs are called `<workflow>-<name>-<date>`. */
  readonly name: string;
  /** IANA time zone, such as `Europe/Berlin`. */
  readonly zone: string;
  /** Local time at which a run starts every day, such as `22:00`. */
  readonly at: string;
  /**
   * Local time, such as `04:30`, at which a run that did not start is started after all, and one that has failed or timed out
   * is started once more, as `<name>-2`. Between `at` and `by`.
   */
  readonly watchdog: string;
  /** Local time by which a run ends with what there is. @default when the pipeline's deadline ends, at most a day later */
  readonly by?: string;
  /** Minutes that a run has after `by` to write its results. Then they are due, and a run without them is missed. @default 20 */
  readonly graceMinutes?: number;
  /** Minutes by which Scheduler may start later, to spread load. @default 0 */
  readonly flexibleMinutes?: number;
  /**
   * The input of each run, such as `{ items: { key: 'uploads/companies.jsonl' }, each: { night: '<date>' } }`. `<date>` stands
   * for the local date, as YYYY-MM-DD. `each` are fields that every item gets. The run's group is the local date.
   */
  readonly input: Readonly<Record<string, unknown>> & {
    readonly items: { readonly bucket?: string; readonly key: string };
    readonly tenant?: string;
  };
}

const TIME_LIMIT = 30;
/** A run's last tasks are cancelled within minutes, and its aggregator has 15. */
const GRACE_MINUTES = 20;

/**
 * Starts a run of a pipeline every day at a local time, also when the clocks change. Two schedules call one function, which
 * names the execution by the date: the second one, the watchdog, starts only what is missing or has failed. A third one
 * checks that a run has succeeded by its deadline. Where data is protected, alarms ring when it has not, and when there are no checks.
 * Of three regions, the one that holds the home of the first one starts the runs.
 */
export class Schedule extends Construct {
  readonly name: string;
  /** Begins the names of its runs. */
  readonly runs: string;
  readonly start: FleetFunction<StartScheduledRunEnv>;
  readonly check: FleetFunction<CheckScheduledRunEnv>;
  readonly deadLetters: Queue;
  readonly due: CfnSchedule;
  readonly watchdog: CfnSchedule;
  readonly checked: CfnSchedule;

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { pipeline, name, zone, at } = props;
    this.name = name;
    this.runs = `${pipeline.workflow}-${name}`;
    const by = props.by ?? defaultBy(at, pipeline.deadline);
    const times = { flexibleMinutes: 0, graceMinutes: GRACE_MINUTES, ...props, by };
    checkSchedule(times, this.runs);
    refuseTaken(this, name);
    const common = {
      RUNS: this.runs,
      ZONE: zone,
      AT: at,
      BY: by,
      GRACE_MINUTES: String(times.graceMinutes),
      // It is deployed in each region, and runs in one.
      EXECUTIONS: withFirstHome(this, describing(this, pipeline, this.runs), props.input.tenant ?? pipeline.tenant),
    };
    this.start = new FleetFunction<StartScheduledRunEnv>(this, 'Start', {
      entry: 'functions/start-scheduled-run/handler.ts',
      service: 'start-scheduled-run',
      description: 'Starts the runs of a schedule',
      timeLimit: TIME_LIMIT,
      environment: {
        ...common,
        WATCHDOG: props.watchdog,
        STATE_MACHINE_ARN: pipeline.starting(),
        INPUT: JSON.stringify(props.input),
      },
    });
    this.check = new FleetFunction<CheckScheduledRunEnv>(this, 'Check', {
      entry: 'functions/check-scheduled-run/handler.ts',
      service: CHECK_SERVICE,
      description: 'Checks that the runs of a schedule succeed',
      timeLimit: TIME_LIMIT,
      environment: {
        ...common,
        SCHEDULE: name,
      },
    });
    this.deadLetters = keepFailedCalls(this, name, [this.start, this.check], TIME_LIMIT);
    const checked = checkTime({ at, by }, times.graceMinutes).time;
    const make = this.#maker(props);
    this.due = make('Due', 'due', at, times.flexibleMinutes);
    this.watchdog = make('Watchdog', 'watchdog', props.watchdog);
    this.checked = make('Checked', 'check', checked);
    if (FleetStack.of(this).config.protectData) watchRuns(this, name, `${checked}, ${zone}`);
  }

  /** @returns a function that makes one of its EventBridge schedules */
  #maker({ pipeline, name, zone }: ScheduleProps) {
    const role = new Role(this, 'ScheduleRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    const functions = [this.start, this.check].map(({ live }) => live.functionArn);
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functions }));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }));
    const executions = `${executionsOf(this, pipeline)}${this.runs}-`;
    const home = homeInFront(this);
    return (id: string, occasion: keyof typeof WHAT, time: string, flexibleMinutes = 0): CfnSchedule => {
      const [hour, minute] = time.split(':').map(Number);
      // Scheduler puts the planned time in, which is the same for all its retries.
      const input: ScheduleInput = {
        schedule: name,
        occasion,
        executions,
        ...(home !== undefined && { home }),
        scheduledTime: '<aws.scheduler.scheduled-time>',
      };
      return new CfnSchedule(this, id, {
        description: `${WHAT[occasion]} ${name} at ${time}, ${zone}`,
        scheduleExpression: `cron(${minute} ${hour} * * ? *)`,
        scheduleExpressionTimezone: zone,
        flexibleTimeWindow:
          flexibleMinutes > 0 ? { mode: 'FLEXIBLE', maximumWindowInMinutes: flexibleMinutes } : { mode: 'OFF' },
        target: {
          arn: (occasion === 'check' ? this.check : this.start).live.functionArn,
          roleArn: role.roleArn,
          input: Stack.of(this).toJsonString(input),
          deadLetterConfig: { arn: this.deadLetters.queueArn },
          retryPolicy: { maximumRetryAttempts: 20, maximumEventAgeInSeconds: 3_600 },
        },
      });
    };
  }
}

const WHAT = {
  due: 'Starts a run of',
  watchdog: 'Starts a missing or failed run of',
  check: 'Checks the run of',
} as const;

/** The name of the region in front of ids. The first region's ids have none. */
function homeInFront(scope: Construct): string | undefined {
  const { config, region } = FleetStack.of(scope);
  const [, ...others] = fleetRegions(config);
  return others.find((each) => each.region === region)?.name;
}

/** The ARN of the pipeline's executions, without their names. */
const executionsOf = (scope: Construct, { stateMachine }: Pipeline): string =>
  Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${stateMachine.stateMachineName}:`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** For the functions that look at the runs of a schedule, and at no others of the pipeline. */
function describing(scope: Schedule, pipeline: Pipeline, runs: string): Wire {
  const executions = executionsOf(scope, pipeline);
  const ofSchedule = `${executions}${runs}-*`;
  explainStar(scope, ofSchedule, 'The name of an execution has its date.');
  return granting('states:DescribeExecution', ofSchedule, executions);
}

/** The metric and the runs have the name. */
function refuseTaken(schedule: Schedule, name: string): void {
  const isTaken = (other: IConstruct): boolean =>
    other instanceof Schedule &&
    other !== schedule &&
    Stack.of(other).region === Stack.of(schedule).region &&
    (other.name === name || other.runs === schedule.runs);
  const other = schedule.node.root.node.findAll().find(isTaken);
  if (other !== undefined)
    throw new Error(
      `The schedules ${other.node.path} and ${schedule.node.path} have the same name, ${name}, or the same name of runs, ${schedule.runs}-…. Give each its own: otherwise the run of one would be taken for that of the other.`,
    );
}
