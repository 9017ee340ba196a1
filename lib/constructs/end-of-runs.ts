import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { EndRunEnv } from '#functions/end-run/env.ts';
import { explain } from '../explain.ts';
import type { Platform } from '../platform.ts';
import type { ArtifactBucket } from './artifact-bucket.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { sendingToPools } from './pool-queues.ts';
import { deadLetterQueue } from './queues.ts';
import { invoking } from './state-machine.ts';

export interface EndOfRunsProps {
  readonly stateMachine: StateMachine;
  /** What the state machine is called in descriptions, such as `fan-out`. */
  readonly what: string;
  /** Writes the report of a run that was stopped. */
  readonly aggregator: FleetFunction;
  /** The tenant that owns the runs. */
  readonly tenant: string;
  /** A pipeline's bucket, and the agents of its stages: those before the barrier, then those after it. @default a fan-out */
  readonly pipeline?: { readonly artifacts: ArtifactBucket; readonly stages: readonly (readonly string[])[] };
  readonly platform: Platform;
}

/** Seconds for the end of a run, which cancels some hundred tasks a second. */
const TIME_LIMIT = 300;

/** The function that EventBridge calls for each execution that has ended, whoever stopped it. */
export function endOfRuns(scope: Construct, props: EndOfRunsProps): FleetFunction<EndRunEnv> {
  const { stateMachine, what, aggregator, tenant, pipeline, platform } = props;
  const end = new FleetFunction<EndRunEnv>(scope, 'End', {
    entry: 'functions/end-run/handler.ts',
    service: 'end-run',
    description: 'Notes the end of a run, and cancels the tasks of a stopped one',
    timeLimit: TIME_LIMIT,
    environment: {
      STATE_TABLE: platform.state.endingRuns('everywhere'),
      QUEUE_PREFIX: sendingToPools(scope, platform, 'everywhere'),
      AGGREGATOR: invoking(aggregator),
      TENANT: tenant,
      ...(pipeline && { ARTIFACT_BUCKET: pipeline.artifacts.naming(), STAGES: JSON.stringify(pipeline.stages) }),
    },
  });
  const rule = new Rule(scope, 'Ended', {
    description: `Executions of the ${what} that have ended`,
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: {
        status: ['SUCCEEDED', 'ABORTED', 'TIMED_OUT', 'FAILED'],
        stateMachineArn: [stateMachine.stateMachineArn],
      },
    },
  });
  rule.addTarget(new LambdaTarget(end.live, { retryAttempts: 24, maxEventAge: Duration.hours(24) }));
  keepUnended(scope, end);
  return end;
}

/** What could not be ended after three tries is kept, with its event. */
function keepUnended(scope: Construct, { live }: FleetFunction<EndRunEnv>): void {
  const queue = deadLetterQueue(scope, 'Unended', TIME_LIMIT);
  explain(queue, { SQS3: 'It keeps events that failed. It is a dead-letter queue itself.' });
  live.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(queue) });
  alarm(scope, 'Unended', {
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
    threshold: 1,
    says: 'The end of a run was not handled, so its tasks may go on. The log of the function shows why. Fix it, then invoke the function with `requestPayload` of the message in the queue, and delete the message.',
    severity: 2,
    runbook: 'end-of-run',
  });
}
