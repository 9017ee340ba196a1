import { randomUUID } from 'node:crypto';
import type { Message } from '@platformatic/kafka';
import type { InvokeResult } from '../../function.ts';
import type { KafkaMappingConfig } from './config.ts';

/** A batch that a mapping gave up. */
export interface DiscardedBatch {
  readonly batch: readonly Message[];
  readonly payload: string;
  readonly result: InvokeResult;
  readonly invocations: number;
}

/** Writes an object under the role of the function. */
export type PutObject = (bucket: string, key: string, body: string) => Promise<void>;

/**
 * Writes a discarded batch to the bucket, with the event of the function.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export async function sendDiscardedBatch(
  { batch, payload, result, invocations }: DiscardedBatch,
  { uuid, topic, clusterArn, bootstrapServers, functionArn, onFailureArn = '' }: KafkaMappingConfig,
  put: PutObject,
): Promise<void> {
  const now = new Date().toISOString();
  const [day = '', time = ''] = now.slice(0, 19).split('T');
  const groups = Map.groupBy(batch, ({ partition }) => `${topic}-${partition}`);
  const body = {
    requestContext: {
      requestId: result.requestId,
      functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: invocations,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: now,
    KafkaBatchInfo: {
      batchSize: batch.length,
      ...(clusterArn !== undefined && { eventSourceArn: clusterArn }),
      bootstrapServers: bootstrapServers.join(','),
      payloadSize: Buffer.byteLength(payload),
      recordsInfo: Object.fromEntries([...groups].map(([name, group]) => [name, rangeOf(group)])),
    },
    payload,
  };
  const folder = `aws/lambda/${uuid}/${[...groups.keys()][0]}/${day.replaceAll('-', '/')}`;
  const key = `${folder}/${day}T${time.replaceAll(':', '.')}-${randomUUID()}`;
  await put(onFailureArn.split(':::')[1] ?? '', key, JSON.stringify(body));
}

function rangeOf(group: readonly Message[]) {
  const [first, last] = [group[0], group.at(-1)];
  return {
    firstRecordOffset: String(first?.offset),
    lastRecordOffset: String(last?.offset),
    firstRecordTimestamp: new Date(Number(first?.timestamp ?? 0)).toISOString(),
    lastRecordTimestamp: new Date(Number(last?.timestamp ?? 0)).toISOString(),
  };
}
