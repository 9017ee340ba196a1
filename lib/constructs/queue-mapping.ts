import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** How many invocations receive from a queue at once. */
export type Scaling =
  | {
      /** The maximum, 2 to 1,000. May be the value of a CloudFormation parameter. */
      readonly maximumConcurrency: number;
    }
  | {
      /** Pollers dedicated to the queue, each enough for 10 invocations. They scale faster and are billed by the hour. */
      readonly minimumPollers: number;
      readonly maximumPollers: number;
    };

export interface QueueMappingProps {
  readonly queue: Queue;
  /** A function or its alias, whose role may handle the queue's messages (`handling`, `grantHandling`). */
  readonly target: IFunction;
  /** Messages per invocation, 1 to 10,000. */
  readonly batchSize: number;
  /** Seconds to wait for a batch to fill. Required above 10 messages. @default 0 */
  readonly window?: number;
  readonly scaling: Scaling;
}

/** Invokes a function with a queue's messages. It reports which of a batch failed, so that only those are redelivered. */
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
