import { randomUUID } from 'node:crypto';
import { shardName } from '../../../services/kinesis/sequence.ts';
import type { Caller, CallService } from '../../../services/service.ts';
import type { InvokeResult } from '../../function.ts';
import type { StreamMappingConfig } from './config.ts';
import type { BatchRecord } from './stream-event.ts';

/** Records that a mapping gave up. */
export interface Discarded {
  readonly shard: number;
  readonly records: readonly BatchRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly invocations: number;
  /** Of the last invocation, if there was one. */
  readonly result: InvokeResult | undefined;
  /** The event of these records. */
  readonly payload: string;
}

export interface DestinationHost {
  readonly call: CallService;
  readonly queueUrl: (queueArn: string) => string;
}

/**
 * Sends the metadata of discarded records to a queue or a topic, or to a bucket together with the event.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export async function sendDiscarded(
  discarded: Discarded,
  { onFailureArn, uuid, functionArn, streamArn }: StreamMappingConfig,
  { call, queueUrl }: DestinationHost,
  caller: Caller,
): Promise<void> {
  if (onFailureArn === undefined) return;
  const now = new Date();
  const message = metadata(discarded, functionArn, streamArn, now);
  const service = onFailureArn.split(':')[2];
  if (service === 's3') {
    const Key = objectKey(uuid, shardName(discarded.shard), now);
    const Body = JSON.stringify({ ...message, payload: discarded.payload });
    await call('s3', 'PutObject', { Bucket: onFailureArn.split(':::')[1], Key, Body }, caller);
  } else if (service === 'sns') {
    await call('sns', 'Publish', { TopicArn: onFailureArn, Message: JSON.stringify(message) }, caller);
  } else {
    const QueueUrl = queueUrl(onFailureArn);
    await call('sqs', 'SendMessage', { QueueUrl, MessageBody: JSON.stringify(message) }, caller);
  }
}

function metadata(
  { shard, records, condition, invocations, result }: Discarded,
  functionArn: string,
  streamArn: string,
  now: Date,
) {
  const [first, last] = [records[0], records.at(-1)];
  return {
    requestContext: {
      requestId: result?.requestId ?? randomUUID(),
      functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    ...(result !== undefined && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(result.failed && { functionError: 'Unhandled' }),
      },
    }),
    version: '1.0',
    timestamp: now.toISOString(),
    KinesisBatchInfo: {
      shardId: shardName(shard),
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first?.arrivedAt ?? 0).toISOString(),
      approximateArrivalOfLastRecord: new Date(last?.arrivedAt ?? 0).toISOString(),
      batchSize: records.length,
      streamArn,
    },
  };
}

/** `aws/lambda/<UUID>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<random UUID>` */
function objectKey(uuid: string, shard: string, now: Date): string {
  const [day = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  return `aws/lambda/${uuid}/${shard}/${day.replaceAll('-', '/')}/${day}T${time.replaceAll(':', '.')}-${randomUUID()}`;
}
