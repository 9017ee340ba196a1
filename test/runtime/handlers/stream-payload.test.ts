import { describe, expect, it } from 'vitest';
import { partialResponse, streamPayload } from '#runtime/handlers/stream-payload.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const kinesis = {
  Records: [
    {
      eventID: 'shardId-000000000003:49590338271490256608559692538361571095921575989136588898',
      eventSource: 'aws:kinesis',
      eventSourceARN: 'arn:aws:kinesis:us-east-1:111122223333:stream/market',
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'cik:0000320193',
        sequenceNumber: '49590338271490256608559692538361571095921575989136588898',
        data: base64('{"a":1}'),
        approximateArrivalTimestamp: 1_545_084_650.987,
      },
    },
  ],
};

const kafka = {
  eventSource: 'SelfManagedKafka',
  bootstrapServers: 'broker.example.com:9092',
  records: {
    'bars-0': [
      {
        topic: 'bars',
        partition: 0,
        offset: 15,
        timestamp: 1_545_084_650_987,
        timestampType: 'CREATE_TIME',
        key: base64('cik:0000320193'),
        value: base64('{"a":1}'),
        headers: [],
      },
    ],
    'bars-1': [{ topic: 'bars', partition: 1, offset: 3, timestamp: 1, timestampType: 'CREATE_TIME', headers: [] }],
  },
};

describe('a batch', () => {
  it('of Kinesis is records with their shard', () => {
    const { source, records } = streamPayload.parse(kinesis);
    expect(source).toBe('kinesis');
    expect(records).toEqual([
      {
        stream: 'market',
        partition: 'shardId-000000000003',
        position: '49590338271490256608559692538361571095921575989136588898',
        key: 'cik:0000320193',
        bytes: Buffer.from('{"a":1}'),
        arrivedAt: 1_545_084_650_987,
      },
    ]);
    expect(partialResponse(source, records)).toEqual({
      batchItemFailures: [{ itemIdentifier: '49590338271490256608559692538361571095921575989136588898' }],
    });
  });

  it('of Kafka is records with their partition, also those without key and value', () => {
    const { source, records } = streamPayload.parse(kafka);
    expect(source).toBe('kafka');
    expect(records).toMatchObject([
      { stream: 'bars', partition: 'bars-0', position: '15', key: 'cik:0000320193', arrivedAt: 1_545_084_650_987 },
      { stream: 'bars', partition: 'bars-1', position: '3', key: '', bytes: new Uint8Array() },
    ]);
    expect(partialResponse(source, records.slice(0, 1))).toEqual({
      batchItemFailures: [{ itemIdentifier: { partition: 'bars-0', offset: 15 } }],
    });
  });

  it('of something else is rejected', () => {
    expect(streamPayload.safeParse({ Records: [{ body: 'a message' }] }).success).toBe(false);
    expect(streamPayload.safeParse({}).success).toBe(false);
  });
});
