import { ArnFormat, Duration } from 'aws-cdk-lib';
import { AttributeType, type GlobalSecondaryIndexPropsV2, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  alarm,
  deadLetterQueue,
  explainStar,
  FleetFunction,
  fleetQueue,
  FleetStack,
  handling,
  mapQueue,
  sending,
  type ItemTable,
  type Platform,
  type Wire,
  type Wiring,
} from '#lib/index.ts';
import { DELIVERY_ATTEMPTS } from '../alerts/delivery.ts';
import type { DeliverAlertEnv } from '../functions/deliver-alert/env.ts';
import { mailing } from './mailing.ts';

/** The index by which the clock finds alerts that somebody must look at. The system's table needs it. */
export const ATTENTION_INDEX: GlobalSecondaryIndexPropsV2 = {
  indexName: 'attention',
  partitionKey: { name: 'attentionShard', type: AttributeType.STRING },
  sortKey: { name: 'attentionAt', type: AttributeType.NUMBER },
  projectionType: ProjectionType.KEYS_ONLY,
};

export interface AlertDeliveryProps {
  readonly memory: ItemTable;
  readonly platform: Platform;
  /** The sender of mail, whose identity Amazon SES has verified. Undefined: nothing is mailed. */
  readonly mailFrom: string | undefined;
}

/** Seconds for a batch. Its notifications are sent side by side, each within eight seconds. */
const TIME_LIMIT = 20;
/** Few, since a slow receiver keeps its batch waiting. */
const BATCH_SIZE = 5;
const CONCURRENCY = 20;

/** Sends notifications of alerts: a queue, the function that sends one to one recipient, and dead letters. */
export class AlertDelivery extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly fn: FleetFunction<Wiring<DeliverAlertEnv>>;

  constructor(scope: Construct, id: string, { memory, platform, mailFrom }: AlertDeliveryProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', TIME_LIMIT);
    const deadLetters = { queue: this.deadLetters, maxReceives: DELIVERY_ATTEMPTS };
    this.queue = fleetQueue(this, 'Queue', { timeLimit: TIME_LIMIT, deadLetters });
    this.fn = new FleetFunction<Wiring<DeliverAlertEnv>>(this, 'Deliver', {
      entry: 'systems/market-monitor/functions/deliver-alert/handler.ts',
      service: 'deliver-alert',
      description: 'Sends a notification of an alert to a recipient',
      timeLimit: TIME_LIMIT,
      environment: {
        MARKET_TABLE: memory.allowing(['GetItem', 'PutItem', 'UpdateItem']),
        DELIVERY_QUEUE_URL: handling(this.queue),
        SECRET_PREFIX: this.#secrets(),
        CALLBACK_SECRET: platform.callbacks.secret.reading(),
        PRIVATE_CALLBACKS: String(FleetStack.of(this).config.privateCallbacks),
        POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: 'false',
        ...mailing(this, mailFrom),
      },
    });
    mapQueue(this, 'Mapping', {
      queue: this.queue,
      target: this.fn.live,
      batchSize: BATCH_SIZE,
      scaling: { maximumConcurrency: CONCURRENCY },
    });
    alarm(this, 'Undelivered', {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      threshold: 1,
      says: 'Notifications of alerts did not reach a recipient within four hours. The log of deliver-alert shows why. Correct the recipient or its secret, then redrive the dead-letter queue.',
      severity: 2,
      runbook: 'alerts-undelivered',
    });
  }

  /** The queue's URL, for functions that raise alerts. */
  sending(): Wire {
    return sending(this.queue);
  }

  /** The prefix of the environment's secrets, with the permission to read those of recipients alone. */
  #secrets(): Wire {
    const stack = FleetStack.of(this);
    const { prefix } = stack.config;
    const arn = stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${prefix}/market/*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    explainStar(this, arn, 'Portfolios name the secrets of their recipients, which people store below market/.');
    return {
      value: prefix,
      grantTo: (grantee) => {
        Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [arn] });
        stack.grantDataKey(grantee);
      },
    };
  }
}
