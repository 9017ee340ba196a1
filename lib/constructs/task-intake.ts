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

/** Seconds for a batch of events; they are merged to a write or two an upload. */
const TIME_LIMIT = 60;
/** S3 sends an event an object: they are taken in batches, since an upload of 10,000 objects is one decision. */
const BATCH = { batchSize: 100, window: 1 };
/** Concurrent batches only contend for the same upload's item. */
const CONCURRENCY = 5;

/** Uploads become runs: new objects' events through a queue to the function that decides when an upload is complete. */
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
      // It reminds itself through its own queue to look again.
      loops: true,
      environment: {
        STATE_TABLE: state.items(),
        INTAKE_QUEUE_URL: sending(this.queue),
        STATE_MACHINE_ARN: fanOut.starting(),
        QUIET_SECONDS: String(quietSeconds),
      },
    });
    grantHandling(this.queue, this.intake);
    const scaling = { maximumConcurrency: CONCURRENCY };
    mapQueue(this, 'Mapping', { queue: this.queue, target: this.intake.lambda, ...BATCH, scaling });
    alarm(this, 'DeadLetters', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
      says: 'Events of uploads could not be handled: see the log of the intake, then start a redrive of its dead-letter queue.',
    });
  }
}
