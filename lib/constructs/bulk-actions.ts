import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { RunBulkActionEnv } from '#functions/run-bulk-action/env.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Platform } from '../platform.ts';
import type { Wire } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { mapQueue } from './queue-mapping.ts';
import { deadLetterQueue, fleetQueue, handling, sending } from './queues.ts';

/** Seconds of one invocation: about 10,000 tasks. */
const TIME_LIMIT = 300;
/** A message that failed this often is kept for a person. Each failure is an error of the function. */
const MAX_RECEIVES = 20;
/** The minimum of SQS. More would only make tenants compete for the same tables and queues. */
const CONCURRENCY = 2;

export interface BulkActionsProps {
  readonly platform: Platform;
  /** The prefix of the pools' queues, with permission to send to them. */
  readonly pools: Wire;
}

/** Carries out bulk actions: a queue of those with work left, its function, and a dead-letter queue. */
export class BulkActions extends Construct {
  readonly run: FleetFunction<RunBulkActionEnv>;
  readonly deadLetters: Queue;
  readonly #queue: Queue;

  constructor(scope: Construct, id: string, { platform, pools }: BulkActionsProps) {
    super(scope, id);
    const { config } = FleetStack.of(this);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', TIME_LIMIT);
    const deadLetters = { queue: this.deadLetters, maxReceives: MAX_RECEIVES };
    this.#queue = fleetQueue(this, 'Queue', { timeLimit: TIME_LIMIT, deadLetters });
    this.run = new FleetFunction<RunBulkActionEnv>(this, 'Run', {
      entry: 'functions/run-bulk-action/handler.ts',
      service: 'run-bulk-action',
      description: 'Carries out bulk actions',
      timeLimit: TIME_LIMIT,
      files: { 'agents.json': JSON.stringify(platform.pools.map(({ agent }) => agent)) },
      // A long action goes on with another message.
      loops: true,
      environment: {
        STATE_TABLE: platform.state.submitting('everywhere'),
        QUEUE_PREFIX: pools,
        BULK_QUEUE_URL: handling(this.#queue),
        SESSION_MINUTES: String(config.sessionMinutes),
        SESSION_TOKENS: String(config.sessionTokens),
      },
    });
    const scaling = { maximumConcurrency: CONCURRENCY };
    mapQueue(this, 'Mapping', { queue: this.#queue, target: this.run.live, batchSize: 1, scaling });
    alarm(this, 'DeadLetters', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
      says: 'A bulk action could not be carried out. The log of its function shows why. Fix it, then redrive the dead-letter queue: the action goes on where it stopped.',
      severity: 3,
      runbook: 'bulk-actions',
    });
  }

  /** The queue's URL, for the function that accepts bulk actions. */
  sending(): Wire {
    return sending(this.#queue);
  }
}
