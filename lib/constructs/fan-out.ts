import { ArnFormat, Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Grant, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { join } from 'node:path';
import type { AggregateEnv } from '#functions/aggregate/env.ts';
import type { BeginRunEnv } from '#functions/begin-run/env.ts';
import type { EndRunEnv } from '#functions/end-run/env.ts';
import { explain, explainStar } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import { granting } from '../wiring.ts';
import type { Wire } from '../wiring.ts';
import type { AgentPool } from './agent-pool.ts';
import { alarm } from './alarm.ts';
import type { ArtifactBucket } from './artifact-bucket.ts';
import { FleetFunction } from './fleet-function.ts';
import { poolQueues, SENDING } from './pool-queues.ts';
import { deadLetterQueue, sending } from './queues.ts';
import { ReportTopic } from './report-topic.ts';
import { invoking, makeStateMachine, watchExecutions } from './state-machine.ts';

export interface FanOutProps {
  /** The pool that works on the tasks. */
  readonly pool: AgentPool;
  /** Tasks the pool works on at once. The map keeps eight in the queue for each. */
  readonly agents: number;
  /** The fan-in's handler below the project. */
  readonly aggregator: string;
  /** MiB of memory of the fan-in, which builds the whole report in memory. @default 1,769, one processor */
  readonly aggregatorMemory?: number;
  /** The tenant that owns the tasks. */
  readonly tenant: string;
  /** Seconds that a task may take, including waiting. Must exceed the tasks' own deadline. */
  readonly taskTimeout: number;
  readonly artifacts: ArtifactBucket;
  /** Receives a mail for each run that has ended. @default nobody */
  readonly notificationEmail?: string | undefined;
  readonly platform: Platform;
}

const DEFINITION = join(import.meta.dirname, '../../state-machines/fan-out.asl.json');
/** Seconds for the end of a run, which cancels some hundred tasks a second. */
const END_TIME_LIMIT = 300;
/** The label of the definition's Distributed Map, part of the names of its child executions. */
const LABEL = 'Documents';

/** The fan-out state machine and its wiring: one task for each object of an upload, one report, one notification. */
export class FanOut extends Construct {
  readonly stateMachine: StateMachine;
  readonly aggregator: FleetFunction<AggregateEnv>;
  /** Notes the end of runs, and ends what a stopped execution left behind. */
  readonly end: FleetFunction<EndRunEnv>;
  readonly topic: ReportTopic;

  constructor(scope: Construct, id: string, props: FanOutProps) {
    super(scope, id);
    const { pool, artifacts } = props;
    this.topic = new ReportTopic(this, 'Reports', { email: props.notificationEmail });
    this.aggregator = this.#makeAggregator(props);
    this.aggregator.publish();
    const begin = this.#makeBegin(props);
    this.stateMachine = makeStateMachine(this, {
      definition: DEFINITION,
      substitutions: {
        Bucket: artifacts.running(),
        QueueUrl: sending(pool.default),
        TopicArn: this.topic.publishing(),
        BeginArn: invoking(begin),
        AggregatorArn: this.#invoking(),
        Agents: String(props.agents),
        Tenant: props.tenant,
        TaskTimeoutSeconds: String(props.taskTimeout),
      },
    });
    this.end = this.#makeEnd(props);
    props.platform.workflows.push(this.stateMachine);
    this.#letItRunItself();
    for (const answerer of pool.answerers) this.#letAnswer(answerer);
    watchExecutions(this, this.stateMachine, {
      what: 'A run',
      remedy: 'Finished tasks are kept: start a new run with the same input to continue.',
    });
  }

  /** For functions that start runs. */
  starting(): Wire {
    const { stateMachineArn } = this.stateMachine;
    return {
      value: stateMachineArn,
      grantTo: (grantee) =>
        Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns: [stateMachineArn] }),
    };
  }

  #makeAggregator({ aggregator, aggregatorMemory = 1_769, artifacts, platform }: FanOutProps) {
    return new FleetFunction<AggregateEnv>(this, 'Aggregator', {
      entry: aggregator,
      service: 'aggregator',
      description: 'Builds the report of a run from its results',
      timeLimit: 900,
      memory: aggregatorMemory,
      environment: {
        STATE_TABLE: platform.state.reading(),
        ARTIFACT_BUCKET: artifacts.reporting(),
      },
    });
  }

  /**
   * Not by its alias yet: a run may begin before a deploy from 0.2, or before a rollback to it, and end after. 0.2 has no
   * alias. The release after this one may use it.
   */
  #invoking(): Wire {
    return granting('lambda:InvokeFunction', this.aggregator.lambda.functionArn);
  }

  #makeBegin({ artifacts, platform, tenant }: FanOutProps) {
    return new FleetFunction<BeginRunEnv>(this, 'Begin', {
      entry: 'functions/begin-run/handler.ts',
      service: 'begin-run',
      description: 'Registers a run, reads its limits and lists its documents',
      timeLimit: 300,
      memory: 1_024,
      environment: { STATE_TABLE: platform.state.items(), ARTIFACT_BUCKET: artifacts.beginning(), TENANT: tenant },
    });
  }

  /** EventBridge calls it for each execution that has ended, whoever stopped it. */
  #makeEnd({ platform, tenant }: FanOutProps) {
    const end = new FleetFunction<EndRunEnv>(this, 'End', {
      entry: 'functions/end-run/handler.ts',
      service: 'end-run',
      description: 'Notes the end of a run, and cancels the tasks of a stopped one',
      timeLimit: END_TIME_LIMIT,
      environment: {
        STATE_TABLE: platform.state.endingRuns(),
        QUEUE_PREFIX: poolQueues(this, platform, SENDING),
        AGGREGATOR: invoking(this.aggregator),
        TENANT: tenant,
      },
    });
    const rule = new Rule(this, 'Ended', {
      description: 'Executions of the fan-out that have ended',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['SUCCEEDED', 'ABORTED', 'TIMED_OUT', 'FAILED'],
          stateMachineArn: [this.stateMachine.stateMachineArn],
        },
      },
    });
    rule.addTarget(new LambdaTarget(end.live, { retryAttempts: 24, maxEventAge: Duration.hours(24) }));
    this.#keepUnended(end);
    return end;
  }

  /** What could not be ended after three tries is kept, with its event. */
  #keepUnended({ live }: FleetFunction<EndRunEnv>): void {
    const queue = deadLetterQueue(this, 'Unended', END_TIME_LIMIT);
    explain(queue, { SQS3: 'It keeps events that failed. It is a dead-letter queue itself.' });
    live.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(queue) });
    alarm(this, 'Unended', {
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
      says: 'The end of a run was not handled, so its tasks may go on. The log of the function shows why. Fix it, then invoke the function with `requestPayload` of the message in the queue, and delete the message.',
    });
  }

  /**
   * The children of a Distributed Map are executions of the state machine itself. This is a separate policy because the
   * state machine depends on the policy of its role.
   */
  #letItRunItself(): void {
    const { stateMachineArn, stateMachineName } = this.stateMachine;
    // AWS documents the first form for the executions of a Distributed Map; their ARNs have the second.
    const executions = ['', `/${LABEL}`].map((map) =>
      FleetStack.of(this).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: `${stateMachineName}${map}:*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    const policy = new Policy(this, 'RunsItself', {
      roles: [this.stateMachine.role],
      statements: [
        new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }),
        new PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'],
          resources: executions,
        }),
      ],
    });
    for (const arn of executions)
      explainStar(
        policy,
        arn,
        'Step Functions generates the names of a map’s children. The rest of their ARN is fixed.',
      );
  }

  /** A token belongs to the state machine or to its map's children. AWS does not document which of the two it checks. */
  #letAnswer(grantee: IGrantable): void {
    const { stateMachineArn } = this.stateMachine;
    Grant.addToPrincipal({
      grantee,
      actions: ['states:SendTaskSuccess', 'states:SendTaskFailure'],
      resourceArns: [stateMachineArn, `${stateMachineArn}/${LABEL}`],
    });
  }
}
