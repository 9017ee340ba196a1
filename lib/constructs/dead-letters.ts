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
  /** The queue's name. */
  readonly name: string;
  readonly state: StateTable;
  /** Where callbacks of ended tasks go. */
  readonly callbacks: Wire;
  /** Every pool's queues, since a task's end may wake a task of another agent. */
  readonly pools: Wire;
}

/** Seconds for a batch of 10 dead letters. */
const TIME_LIMIT = 60;

/**
 * A pool's dead-letter queue, and the function that fails the tasks of dead letters and notifies their waiters (I9). A
 * message that it cannot read stays in the queue.
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
      measures: agent,
      description: `Fails tasks of the agent ${agent} whose messages are dead letters`,
      timeLimit: TIME_LIMIT,
      environment: { STATE_TABLE: state.ending(), QUEUE_PREFIX: pools, CALLBACK_QUEUE_URL: callbacks },
    });
    grantHandling(this.queue, this.burial);
    const scaling = { maximumConcurrency: 2 };
    mapQueue(this, 'Mapping', { queue: this.queue, target: this.burial.live, batchSize: 10, scaling });
    this.#watch(agent);
  }

  #watch(agent: string): void {
    alarm(this, 'Burials', {
      metric: this.burial.lambda.metricInvocations({ period: Duration.minutes(5) }),
      threshold: 1,
      says: `A message of the agent ${agent} became a dead letter, and its task failed. The worker's log shows the cause.`,
      severity: 2,
      runbook: 'dead-letters',
    });
    alarm(this, 'NotEmpty', {
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Minimum',
      }),
      threshold: 1,
      periods: 3,
      says: `The dead-letter queue of the agent ${agent} has messages that cannot be read. Inspect them, then delete them.`,
      severity: 3,
      runbook: 'dead-letters',
    });
  }
}
