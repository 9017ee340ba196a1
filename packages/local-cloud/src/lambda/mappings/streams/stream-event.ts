import { z } from 'zod';
import type { StoredRecord } from '../../../services/kinesis/records.ts';
import { sequenceNumber, shardName } from '../../../services/kinesis/sequence.ts';
import type { EventPattern } from '../../event-pattern.ts';
import type { StreamMappingConfig } from './config.ts';

/** A record of a batch, as the function gets it. */
export interface BatchRecord {
  readonly position: number;
  readonly arrivedAt: number;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
}

export function batchRecord({ position, arrivedAt, key, data }: StoredRecord, shard: number): BatchRecord {
  return {
    position,
    arrivedAt,
    sequenceNumber: sequenceNumber(position, shard),
    partitionKey: key,
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  };
}

/** About the size of a record in the event, in bytes. */
export const sizeInEvent = ({ data, partitionKey }: BatchRecord): number =>
  data.length + Buffer.byteLength(partitionKey) + 640;

/** Creates the event of a batch. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export function streamEvent(
  records: readonly BatchRecord[],
  shard: number,
  { streamArn, roleArn }: Pick<StreamMappingConfig, 'streamArn' | 'roleArn'>,
  region: string,
): string {
  const Records = records.map(({ partitionKey, sequenceNumber: number, data, arrivedAt }) => ({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey,
      sequenceNumber: number,
      data,
      approximateArrivalTimestamp: arrivedAt / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardName(shard)}:${number}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: roleArn,
    awsRegion: region,
    eventSourceARN: streamArn,
  }));
  return JSON.stringify({ Records });
}

/** Whether a record passes the filters. Its data is parsed if it is JSON; a pattern of another field sees the record. */
export function passes(
  { partitionKey, data, sequenceNumber: number, arrivedAt }: BatchRecord,
  patterns: readonly EventPattern[],
): boolean {
  if (patterns.length === 0) return true;
  const text = Buffer.from(data, 'base64').toString('utf8');
  const view = {
    partitionKey,
    sequenceNumber: number,
    approximateArrivalTimestamp: arrivedAt / 1000,
    data: parsed(text),
  };
  return patterns.some((pattern) => pattern(view));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const partialResponse = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/**
 * Returns the index of the record from which a batch must be retried; its length when all are done. As on AWS, it is the
 * lowest sequence number of the response, and the whole batch when the response is malformed. A number that is not in the batch also
 * fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function firstFailure(records: readonly BatchRecord[], payload: string, partial: boolean): number {
  if (!partial) return records.length;
  const response = partialResponse.safeParse(parsed(payload));
  if (!response.success) return 0;
  const indexes = (response.data?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
    records.findIndex(({ sequenceNumber: number }) => number === itemIdentifier),
  );
  return indexes.includes(-1) ? 0 : Math.min(records.length, ...indexes);
}
