import { functionResource, pollGrant, type Fixture } from '@agent-fleet/local-cloud/testing/cloud';

/** A worker to measure: the source of its handler, and the settings of its function and mapping. */
export interface MeasuredWorker {
  readonly code: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly scaling?: Readonly<Record<string, unknown>>;
}

/** A queue with a worker that handles one message at a time. The output `Url` is the queue's URL. */
export function queueWithWorker({ code, settings, scaling }: MeasuredWorker): Fixture {
  const queue = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  return {
    grants: [pollGrant('Queue')],
    code: { worker: code },
    resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 300 } },
      Worker: functionResource('worker', { MemorySize: 128, ...settings }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: queue, FunctionName: { Ref: 'Worker' }, BatchSize: 1, ...scaling },
      },
    },
    outputs: { Url: { Value: { Ref: 'Queue' } } },
  };
}
