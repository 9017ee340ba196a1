import { describe, expect, it } from 'vitest';
import { partialResponse, readStreamPayload } from '#runtime/handlers/stream-payload.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const NOW = 1_600_000_000_000;

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
    const { source, records } = readStreamPayload(kinesis, NOW);
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
    const { source, records } = readStreamPayload(kafka, NOW);
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
    const wrong = 'no batch of Kinesis or Kafka';
    expect(() => readStreamPayload({ Records: [{ body: 'a message' }] }, NOW)).toThrow(wrong);
    expect(() => readStreamPayload({}, NOW)).toThrow(wrong);
  });

  it.each([
    ['the future', NOW + 1, NOW],
    ['the end of time', 9e18, NOW],
    ['no number of JSON', Number.POSITIVE_INFINITY, NOW],
    ['no time', -1, NOW],
    ['nothing', undefined, NOW],
    ['1970', 0, NOW],
    ['the past', NOW - 1, NOW - 1],
  ])('of Kafka whose producer set a time that is %s arrived at the latest now', (_, timestamp, arrivedAt) => {
    const record = { topic: 'bars', partition: 0, offset: 1, timestamp };
    const { records } = readStreamPayload({ records: { 'bars-0': [record] } }, NOW);
    expect(records.map((each) => each.arrivedAt)).toEqual([arrivedAt]);
  });

  it('of Kinesis arrived at the latest now too, whose clock may differ', () => {
    expect(readStreamPayload(kinesis, 1_545_084_650_000).records[0]?.arrivedAt).toBe(1_545_084_650_000);
  });
});
