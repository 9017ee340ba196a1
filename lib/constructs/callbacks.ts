import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CALLBACK_ATTEMPTS, type DeliverCallbackEnv } from '#functions/deliver-callback/env.ts';
import type { WakeCallbacksEnv } from '#functions/wake-callbacks/env.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire, Wiring } from '../wiring.ts';
import { alarm } from './alarm.ts';
import { FleetFunction } from './fleet-function.ts';
import { fleetMetric } from './fleet-metric.ts';
import { NamedSecret } from './named-secret.ts';
import { mapQueue } from './queue-mapping.ts';
import { schedule } from './schedule.ts';
import type { StateTable } from './state-table.ts';
import { deadLetterQueue, fleetQueue, grantHandling, sending } from './queues.ts';

/** Seconds for a batch. Its callbacks are delivered in parallel, each within ten seconds. */
const TIME_LIMIT = 30;
const BATCH_SIZE = 10;
/** Half of what SQS allows in flight. */
const HIDDEN_ALARM = 60_000;
/** Seconds. A callback that waits for longer than 15 minutes is parked in the table. */
const UNSENT_ALARM = 1_800;
/** Seconds. Attempts fail for a day before a callback becomes a dead letter. */
const OLD_ALARM = 6 * 3_600;
const SERVICE = 'callbacks';
/** The service of the function that sends parked callbacks. */
export const WAKE_SERVICE = 'wake-callbacks';
/** Attempts that did not arrive, within five minutes: a few are no trouble yet. */
const FAILED = '(FILL(retried, 0) + FILL(left, 0) + FILL(dead, 0))';
const MIN_FAILED = 3;
/** Concurrent batches: at most 200 callbacks at a time, however slow their receivers are. */
const CONCURRENCY = 20;

export interface CallbacksProps {
  /** Keeps callbacks that wait for more than 15 minutes. */
  readonly state: StateTable;
}

/**
 * Calls receivers when their tasks end: a queue, the function that delivers, the secret that signs, and a dead-letter
 * queue for callbacks that could not be delivered within a day. A redrive sends them again (docs/callbacks.md).
 */
export class Callbacks extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly secret: NamedSecret;
  readonly delivery: FleetFunction<DeliverCallbackEnv>;

  readonly wake: FleetFunction<WakeCallbacksEnv>;
  readonly #state: StateTable;

  constructor(scope: Construct, id: string, { state }: CallbacksProps) {
    super(scope, id);
    this.#state = state;
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', TIME_LIMIT);
    const deadLetters = { queue: this.deadLetters, maxReceives: CALLBACK_ATTEMPTS };
    this.queue = fleetQueue(this, 'Queue', { timeLimit: TIME_LIMIT, deadLetters });
    this.secret = new NamedSecret(this, 'Secret', {
      name: 'callback-signing',
      description: 'The secrets that sign callbacks are derived from it, see docs/callbacks.md',
      made: { passwordLength: 64, excludePunctuation: true },
      unrotated: 'Receivers have secrets derived from it. People change it together with them, see docs/callbacks.md.',
    });
    this.delivery = this.#makeDelivery();
    mapQueue(this, 'Mapping', {
      queue: this.queue,
      target: this.delivery.live,
      batchSize: BATCH_SIZE,
      scaling: { maximumConcurrency: CONCURRENCY },
    });
    this.wake = this.#makeWake();
    schedule(this, {
      lambda: this.wake.live,
      minutes: 1,
      description: 'Sends parked callbacks that are due',
    });
    this.#watch();
    this.#watchAttempts();
  }

  /** The queue's URL, for functions that end tasks. */
  sending(): Wire {
    return sending(this.queue);
  }

  #makeDelivery(): FleetFunction<DeliverCallbackEnv> {
    const environment: Wiring<DeliverCallbackEnv> = {
      CALLBACK_QUEUE_URL: this.#hiding(),
      STATE_TABLE: this.#state.parking(),
      CALLBACK_SECRET: this.secret.reading(),
      POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: 'false',
      PRIVATE_CALLBACKS: String(FleetStack.of(this).config.privateCallbacks),
    };
    return new FleetFunction<DeliverCallbackEnv>(this, 'Delivery', {
      entry: 'functions/deliver-callback/handler.ts',
      service: SERVICE,
      description: 'Delivers callbacks of ended tasks',
      timeLimit: TIME_LIMIT,
      environment,
    });
  }

  #makeWake(): FleetFunction<WakeCallbacksEnv> {
    return new FleetFunction<WakeCallbacksEnv>(this, 'Wake', {
      entry: 'functions/wake-callbacks/handler.ts',
      service: WAKE_SERVICE,
      description: 'Sends parked callbacks when they are due',
      timeLimit: 55,
      environment: { STATE_TABLE: this.#state.waking(), CALLBACK_QUEUE_URL: this.sending() },
    });
  }

  /** The queue's URL, for the function that receives its messages and hides those that must wait. */
  #hiding(): Wire {
    const { queueUrl, queueArn } = this.queue;
    return {
      value: queueUrl,
      grantTo: (grantee) => {
        grantHandling(this.queue, grantee);
        Grant.addToPrincipal({ grantee, actions: ['sqs:ChangeMessageVisibility'], resourceArns: [queueArn] });
      },
    };
  }

  #watch(): void {
    alarm(this, 'DeadLetters', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
      says: 'Callbacks could not be delivered within a day. The log of the callbacks shows why. Once their receivers respond, redrive the dead-letter queue.',
      severity: 2,
      runbook: 'callbacks',
    });
    alarm(this, 'Unsent', {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
      threshold: UNSENT_ALARM,
      periods: 3,
      says: 'A callback has been in the queue for half an hour. It waits there for 15 minutes at most, so nothing delivers callbacks.',
      severity: 1,
      runbook: 'callbacks',
    });
    alarm(this, 'Old', {
      metric: fleetMetric(this, {
        service: WAKE_SERVICE,
        name: 'CallbackOldestAge',
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: OLD_ALARM,
      says: 'A callback has waited for six hours since its task ended: all attempts so far have failed. After a day it becomes a dead letter. The log of the callbacks names its receiver.',
      severity: 3,
      runbook: 'callbacks',
    });
    alarm(this, 'Hidden', {
      metric: this.queue.metricApproximateNumberOfMessagesNotVisible({ period: Duration.minutes(5) }),
      threshold: HIDDEN_ALARM,
      says: 'Many callbacks are being delivered or wait for a retry. At 120,000, SQS delivers none. The log of the callbacks shows which receivers fail.',
      severity: 1,
      runbook: 'callbacks',
    });
  }

  /** What came of the attempts. */
  #watchAttempts(): void {
    const measured = (name: string) => fleetMetric(this, { service: SERVICE, name, period: Duration.minutes(5) });
    alarm(this, 'Failing', {
      metric: new MathExpression({
        expression: `IF(${FAILED} >= ${MIN_FAILED}, 100 * ${FAILED} / (${FAILED} + FILL(delivered, 0)), 0)`,
        usingMetrics: {
          delivered: measured('CallbacksDelivered'),
          retried: measured('CallbacksRetried'),
          left: measured('CallbacksLeftAlone'),
          dead: measured('CallbacksDead'),
        },
        period: Duration.minutes(5),
        label: 'failed, %',
      }),
      threshold: 50,
      says: 'At least half of the attempts to deliver callbacks within five minutes have failed. They are retried for a day. The log of the callbacks names the receivers.',
      severity: 3,
      runbook: 'callbacks',
    });
    alarm(this, 'Broken', {
      metric: measured('CallbacksBroken'),
      threshold: 1,
      periods: 3,
      datapoints: 2,
      says: 'Callbacks are kept back by an error on our side, such as a signing secret that cannot be read. No receiver is called meanwhile. The log of the callbacks names the error (callback.broken).',
      severity: 1,
      runbook: 'callbacks',
    });
  }
}
