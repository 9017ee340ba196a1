import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { IntakeEnv } from '#functions/intake/env.ts';
import { alarm } from './alarm.ts';
import type { ArtifactBucket } from './artifact-bucket.ts';
import type { FanOut } from './fan-out.ts';
import { FleetFunction } from './fleet-function.ts';
import { mapQueue } from './queue-mapping.ts';
import { deadLetterQueue, fleetQueue, grantHandling, sending } from './queues.ts';
import type { StateTable } from './state-table.ts';

export interface TaskIntakeProps {
  readonly artifacts: ArtifactBucket;
  readonly state: StateTable;
  readonly fanOut: FanOut;
  /** Seconds without a new object after which an upload counts as complete. @default 60 */
  readonly quietSeconds?: number;
}

/** Seconds for a batch of events. They are merged into one or two writes per upload. */
const TIME_LIMIT = 60;
/** S3 sends one event per object. Batches help, since an upload of 10,000 objects needs one decision. */
const BATCH = { batchSize: 100, window: 1 };
/** More concurrent batches would only contend for the same upload's item. */
const CONCURRENCY = 5;

/** Starts a run for each upload. S3's events go through a queue to a function that decides when an upload is complete. */
export class TaskIntake extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly intake: FleetFunction<IntakeEnv>;

  constructor(scope: Construct, id: string, { artifacts, state, fanOut, quietSeconds = 60 }: TaskIntakeProps) {
    super(scope, id);
    const timeLimit = TIME_LIMIT + BATCH.window;
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', timeLimit);
    this.queue = fleetQueue(this, 'Queue', { timeLimit, deadLetters: { queue: this.deadLetters, maxReceives: 10 } });
    artifacts.notify(this.queue);
    this.intake = new FleetFunction<IntakeEnv>(this, 'Intake', {
      entry: 'functions/intake/handler.ts',
      service: 'intake',
      description: 'Starts a run when an upload is complete',
      timeLimit: TIME_LIMIT,
      // The function sends itself a reminder through its own queue.
      loops: true,
      environment: {
        STATE_TABLE: state.items(),
        ARTIFACT_BUCKET: artifacts.working(),
        INTAKE_QUEUE_URL: sending(this.queue),
        STATE_MACHINE_ARN: fanOut.starting(),
        QUIET_SECONDS: String(quietSeconds),
      },
    });
    grantHandling(this.queue, this.intake);
    const scaling = { maximumConcurrency: CONCURRENCY };
    mapQueue(this, 'Mapping', { queue: this.queue, target: this.intake.live, ...BATCH, scaling });
    alarm(this, 'DeadLetters', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
      says: 'The intake could not handle events of uploads. Check its log, then redrive its dead-letter queue.',
      severity: 2,
      runbook: 'uploads',
    });
  }
}
