import { z } from 'zod';
import { plainIssue } from '#core/parse/plain-message.ts';
import type { SourceRecord } from '#core/streams/source-record.ts';

const base64 = z.string().transform((text): Uint8Array => Buffer.from(text, 'base64'));
const MS = 1_000;

/** A record as the mapping of Kinesis delivers it. */
const kinesisRecord = z
  .object({
    /** `shardId-000000000000:<sequence number>`. */
    eventID: z.string().regex(/^[^:]+:\d+$/),
    eventSourceARN: z.string().min(1),
    kinesis: z.object({
      partitionKey: z.string(),
      sequenceNumber: z.string().regex(/^\d+$/),
      data: base64,
      /** Seconds since 1970, with a fraction. */
      approximateArrivalTimestamp: z.number(),
    }),
  })
  .transform(({ eventID, eventSourceARN, kinesis }): SourceRecord => ({
    stream: eventSourceARN.split('/').at(-1) ?? '',
    partition: eventID.split(':')[0] ?? '',
    position: kinesis.sequenceNumber,
    key: kinesis.partitionKey,
    bytes: kinesis.data,
    arrivedAt: Math.round(kinesis.approximateArrivalTimestamp * MS),
  }));

/** A record as a mapping of Kafka delivers it. */
const kafkaRecord = z
  .object({
    topic: z.string().min(1),
    partition: z.number().int().nonnegative(),
    offset: z.number().int().nonnegative(),
    /** Set by producers, so it may be anything. -1: none. */
    timestamp: z.number().catch(Number.NaN),
    key: base64.nullish(),
    /** Absent: a tombstone, which is no event. */
    value: base64.nullish(),
  })
  .transform(({ topic, partition, offset, timestamp, key, value }): SourceRecord => ({
    stream: topic,
    partition: `${topic}-${partition}`,
    position: String(offset),
    key: key ? Buffer.from(key).toString('utf8') : '',
    bytes: value ?? new Uint8Array(),
    arrivedAt: timestamp,
  }));

const streamPayload = z.union([
  z
    .object({ Records: z.array(kinesisRecord) })
    .transform(({ Records }) => ({ source: 'kinesis' as const, records: Records })),
  z
    .object({ records: z.record(z.string(), z.array(kafkaRecord)) })
    .transform(({ records }) => ({ source: 'kafka' as const, records: Object.values(records).flat() })),
]);

export type StreamBatch = z.output<typeof streamPayload>;

/**
 * Parses what Lambda's mapping of a Kinesis stream or a Kafka topic sends. No record arrived later than now: a time of the
 * future would hide the lag, and a silence of its source. Throws an `Error` if it is no batch.
 * @param now in milliseconds since 1970. Records without a sensible time arrived now
 */
export function readStreamPayload(event: unknown, now: number): StreamBatch {
  const parsed = streamPayload.safeParse(event);
  if (!parsed.success) {
    const wrong = parsed.error.issues.slice(0, 5).map(plainIssue).join('; ');
    throw new Error(`The invocation is no batch of Kinesis or Kafka: ${wrong}. Check the event source mapping.`);
  }
  const { source, records } = parsed.data;
  return { source, records: records.map((record) => ({ ...record, arrivedAt: bounded(record.arrivedAt, now) })) };
}

const bounded = (time: number, now: number): number => (Number.isFinite(time) && time > 0 ? Math.min(time, now) : now);

export interface PartialResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string | { partition: string; offset: number } }[];
}

/** Where the mapping goes on. */
export function partialResponse(source: 'kinesis' | 'kafka', lowest: readonly SourceRecord[]): PartialResponse {
  return {
    batchItemFailures: lowest.map(({ partition, position }) => ({
      itemIdentifier: source === 'kinesis' ? position : { partition, offset: Number(position) },
    })),
  };
}
