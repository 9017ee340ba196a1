import { Grant } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { join } from 'node:path';
import type { AggregateEnv } from '#functions/aggregate/env.ts';
import type { BeginRunEnv } from '#functions/begin-run/env.ts';
import type { EndRunEnv } from '#functions/end-run/env.ts';
import type { Platform } from '../platform.ts';
import { granting } from '../wiring.ts';
import type { Wire } from '../wiring.ts';
import type { AgentPool } from './agent-pool.ts';
import type { ArtifactBucket } from './artifact-bucket.ts';
import { letAnswer, letItRunItself } from './distributed-map.ts';
import { endOfRuns } from './end-of-runs.ts';
import { FleetFunction } from './fleet-function.ts';
import { sending } from './queues.ts';
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
  /** The beginning of the names of the report's files below `runs/<run>/`, which the API offers. @default none */
  readonly report?: string;
  /** Receives a mail for each run that has ended. @default nobody */
  readonly notificationEmail?: string | undefined;
  readonly platform: Platform;
}

const DEFINITION = join(import.meta.dirname, '../../state-machines/fan-out.asl.json');
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
    const { aggregator, stateMachine } = this;
    this.end = endOfRuns(this, { ...props, stateMachine, what: 'fan-out', aggregator });
    props.platform.workflows.push(this.stateMachine);
    if (props.report !== undefined) props.platform.reports.push({ stateMachine, artifacts, report: props.report });
    letItRunItself(this, stateMachine, LABEL);
    for (const answerer of pool.answerers) letAnswer(answerer, stateMachine, LABEL);
    watchExecutions(this, this.stateMachine, {
      what: 'A run',
      remedy: 'Finished tasks are kept: start a new run with the same input to continue.',
      severity: 2,
      runbook: 'run-failed',
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
      environment: {
        STATE_TABLE: platform.state.beginning('everywhere'),
        ARTIFACT_BUCKET: artifacts.beginning(),
        TENANT: tenant,
      },
    });
  }
}
