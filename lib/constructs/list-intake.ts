import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StartListRunEnv } from '#functions/start-list-run/env.ts';
import { FleetStack } from '../fleet-stack.ts';
import { alarm } from './alarm.ts';
import type { ArtifactBucket } from './artifact-bucket.ts';
import { FleetFunction, serviceName } from './fleet-function.ts';
import type { Pipeline } from './pipeline.ts';
import { mapQueue } from './queue-mapping.ts';
import { deadLetterQueue, fleetQueue, grantHandling } from './queues.ts';

export interface ListIntakeProps {
  readonly pipeline: Pipeline;
  /** The pipeline's bucket, created by this stack. */
  readonly artifacts: ArtifactBucket;
  /** The module that exports `handler = listHandler(read)`. */
  readonly entry: string;
  /** Most US dollars of a run: whoever may write to the bucket starts runs. */
  readonly maxUsd: number;
  /** IANA time zone whose date a run gets. @default UTC */
  readonly zone?: string;
}

const LISTS = 'lists/';
/** Ends the keys of lists. What is written beside a list ends otherwise, so it starts nothing. */
const SUFFIX = '.csv';
/** Within what a pipeline reads, and where an upload starts nothing. */
const LIST_ITEMS = 'uploads/lists/';

const TIME_LIMIT = 60;
const NAMESPACE = 'agent-fleet';

/** Starts a run of a pipeline for each list, `lists/*.csv`, that is put into the bucket. */
export class ListIntake extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly start: FleetFunction<StartListRunEnv>;

  constructor(scope: Construct, id: string, props: ListIntakeProps) {
    super(scope, id);
    const { pipeline, artifacts, entry, maxUsd, zone = 'UTC' } = props;
    const service = `${pipeline.workflow}-lists`;
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', TIME_LIMIT);
    const deadLetters = { queue: this.deadLetters, maxReceives: 10 };
    this.queue = fleetQueue(this, 'Queue', { timeLimit: TIME_LIMIT, deadLetters });
    artifacts.notify(this.queue, { prefix: LISTS, suffix: SUFFIX });
    this.start = new FleetFunction<StartListRunEnv>(this, 'Start', {
      entry,
      service,
      description: 'Starts a run for each list that is put into the bucket',
      timeLimit: TIME_LIMIT,
      environment: {
        ARTIFACT_BUCKET: artifacts.keeping({ read: [LISTS], write: [LISTS, LIST_ITEMS] }),
        LISTS,
        LIST_ITEMS,
        STATE_MACHINE_ARN: pipeline.starting(),
        WORKFLOW: pipeline.workflow,
        ZONE: zone,
        MAX_USD: String(maxUsd),
      },
    });
    grantHandling(this.queue, this.start);
    const scaling = { maximumConcurrency: 2 };
    mapQueue(this, 'Mapping', { queue: this.queue, target: this.start.live, batchSize: 1, scaling });
    this.#watch(service);
  }

  #watch(service: string): void {
    const dimensionsMap = { service: serviceName(FleetStack.of(this).config, service) };
    const period = Duration.minutes(5);
    alarm(this, 'Refused', {
      metric: new Metric({ namespace: NAMESPACE, metricName: 'ListsRefused', dimensionsMap, statistic: 'Sum', period }),
      threshold: 1,
      says: `A list was put below ${LISTS} that starts no run. The object beside it, which ends in .result.json, has the reason.`,
      severity: 3,
      runbook: 'uploads',
    });
    alarm(this, 'DeadLetters', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period }),
      threshold: 1,
      says: 'Lists could not be handled. Check the log of the function, then redrive its dead-letter queue.',
      severity: 2,
      runbook: 'uploads',
    });
  }
}
