import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Wire } from '../wiring.ts';

/**
 * Lambda asks for a visibility timeout of at least six times the function's time limit, so that a batch it retries is
 * not handed out twice. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const VISIBILITY_FACTOR = 6;

export interface FleetQueueProps {
  /** @default CloudFormation makes one up */
  readonly name?: string;
  /** Seconds that the function behind it may take for a batch, the wait for the batch to fill included. */
  readonly timeLimit: number;
  /** Days until an unread message is deleted. @default 4 */
  readonly retentionDays?: number;
  /** Where messages go that were received `maxReceives` times. @default none: it is a dead-letter queue itself */
  readonly deadLetters?: { readonly queue: Queue; readonly maxReceives: number };
}

/** A standard queue: encrypted, reached by TLS only. */
export function fleetQueue(scope: Construct, id: string, props: FleetQueueProps): Queue {
  const { name, timeLimit, retentionDays = 4, deadLetters } = props;
  return new Queue(scope, id, {
    ...(name !== undefined && { queueName: name }),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * timeLimit),
    retentionPeriod: Duration.days(retentionDays),
    ...(deadLetters && { deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: deadLetters.maxReceives } }),
  });
}

/**
 * A message keeps its first time of sending when it moves to a dead-letter queue: that one keeps messages longer than any
 * queue it serves. 14 days are the most that SQS offers.
 */
export function deadLetterQueue(scope: Construct, id: string, timeLimit: number, name?: string): Queue {
  return fleetQueue(scope, id, { timeLimit, retentionDays: 14, ...(name !== undefined && { name }) });
}

/** A queue's URL, for who sends to it. */
export function sending(queue: Queue): Wire {
  return {
    value: queue.queueUrl,
    grantTo: (grantee) =>
      Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [queue.queueArn] }),
  };
}

/** A queue's URL, for who handles its messages, gives them more time, and sends to it too. */
export function handling(queue: Queue): Wire {
  return {
    value: queue.queueUrl,
    grantTo: (grantee) => {
      sending(queue).grantTo(grantee);
      grantHandling(queue, grantee);
      const actions = ['sqs:ChangeMessageVisibility'];
      Grant.addToPrincipal({ grantee, actions, resourceArns: [queue.queueArn] });
    },
  };
}

/** What an event source mapping needs of its function's role. */
export function grantHandling(queue: Queue, grantee: Parameters<Wire['grantTo']>[0]): void {
  Grant.addToPrincipal({
    grantee,
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resourceArns: [queue.queueArn],
  });
}
