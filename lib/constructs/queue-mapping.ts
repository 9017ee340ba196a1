import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** How many invocations take from a queue at once. */
export type Scaling =
  | {
      /** At most, 2 to 1,000; a CloudFormation parameter's value is fine. */
      readonly maximumConcurrency: number;
    }
  | {
      /** Pollers kept for the queue alone, each good for 10 invocations; quicker to scale, billed by the hour. */
      readonly minimumPollers: number;
      readonly maximumPollers: number;
    };

export interface QueueMappingProps {
  readonly queue: Queue;
  /** A function or its alias, whose role may handle the queue's messages (`handling`, `grantHandling`). */
  readonly target: IFunction;
  /** Messages handed over at once, 1 to 10,000. */
  readonly batchSize: number;
  /** Seconds to wait for a batch to fill; needed above 10 messages. @default 0 */
  readonly window?: number;
  readonly scaling: Scaling;
}

/** Lets a function handle a queue's messages; it answers which of a batch failed, so that only those come again. */
export function mapQueue(scope: Construct, id: string, props: QueueMappingProps): EventSourceMapping {
  const { queue, target, batchSize, window, scaling } = props;
  return new EventSourceMapping(scope, id, {
    eventSourceArn: queue.queueArn,
    target,
    batchSize,
    reportBatchItemFailures: true,
    ...(window !== undefined && { maxBatchingWindow: Duration.seconds(window) }),
    ...('maximumConcurrency' in scaling
      ? { maxConcurrency: scaling.maximumConcurrency }
      : { provisionedPollerConfig: scaling }),
  });
}
