import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DeadLetterEnv } from '#functions/dead-letter/env.ts';
import type { Wire } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { mapQueue } from './queue-mapping.ts';
import { deadLetterQueue, grantHandling } from './queues.ts';
import type { StateTable } from './state-table.ts';

export interface DeadLettersProps {
  /** The agent's name. */
  readonly agent: string;
  /** The queue's. */
  readonly name: string;
  readonly state: StateTable;
  /** Where callbacks of ended tasks go. */
  readonly callbacks: Wire;
  /** Every pool's queues, to send to what comes after a task that is buried. */
  readonly pools: Wire;
}

/** Seconds for a batch of 10 dead letters. */
const TIME_LIMIT = 60;

/**
 * A pool's dead-letter queue, and the function that marks the tasks of what lands there as failed and answers who waits
 * for them (I9). What it cannot read stays in the queue.
 */
export class DeadLetters extends Construct {
  readonly queue: Queue;
  readonly burial: FleetFunction<DeadLetterEnv>;

  constructor(scope: Construct, id: string, { agent, name, state, callbacks, pools }: DeadLettersProps) {
    super(scope, id);
    this.queue = deadLetterQueue(this, 'Queue', TIME_LIMIT, name);
    this.burial = new FleetFunction<DeadLetterEnv>(this, 'Burial', {
      entry: 'functions/dead-letter/handler.ts',
      service: `${agent}-dead-letters`,
      description: `Fails tasks of the agent ${agent} whose messages are dead letters`,
      timeLimit: TIME_LIMIT,
      environment: { STATE_TABLE: state.ending(), QUEUE_PREFIX: pools, CALLBACK_QUEUE_URL: callbacks },
    });
    grantHandling(this.queue, this.burial);
    const scaling = { maximumConcurrency: 2 };
    mapQueue(this, 'Mapping', { queue: this.queue, target: this.burial.lambda, batchSize: 10, scaling });
    this.#watch(agent);
  }

  #watch(agent: string): void {
    alarm(this, 'Burials', {
      metric: this.burial.lambda.metricInvocations({ period: Duration.minutes(5) }),
      threshold: 1,
      says: `A message of the agent ${agent} became a dead letter: its task was failed. The worker's logs name the cause.`,
    });
    alarm(this, 'NotEmpty', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Minimum',
      }),
      threshold: 1,
      periods: 3,
      says: `The dead-letter queue of the agent ${agent} holds messages that nobody can read: look at them, then delete them.`,
    });
  }
}
