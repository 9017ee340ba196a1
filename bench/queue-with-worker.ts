import { functionResource, pollGrant, type Fixture } from '@agent-fleet/local-cloud/testing/cloud';

/** A worker to measure: the text of its handler, and what its function and mapping have beside their defaults. */
export interface MeasuredWorker {
  readonly code: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly scaling?: Readonly<Record<string, unknown>>;
}

/** A queue, whose URL is the output `Url`, and a worker that takes one message at a time from it. */
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
