import { describe, expect, it } from 'vitest';
import { batchesOf } from '#cli/streams/batches.ts';
import { readStreamPayload } from '#runtime/handlers/stream-payload.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const read = (payload: unknown) =>
  readStreamPayload(payload, 0).records.map(({ key, position, bytes }) => [
    key,
    position,
    Buffer.from(bytes).toString(),
  ]);

describe('what was set aside', () => {
  it('by the router is routed again from places of its own, whichever stream it came from', () => {
    const records = ['a', 'b'].map((key) => ({ key, reason: 'not-json', bytes: base64(`{${key}`) }));
    const [batch, ...rest] = batchesOf({ kind: 'records' }, { records }, 7_000);
    expect(rest).toEqual([]);
    expect(batch?.records).toBe(2);
    expect(read(batch?.payload)).toEqual([
      ['a', '7000', '{a'],
      ['b', '7001', '{b'],
    ]);
  });

  it('fits an invocation: big records are several batches', () => {
    const records = [1, 2, 3].map((key) => ({
      key: String(key),
      reason: 'too-big',
      bytes: base64('x'.repeat(2_000_000)),
    }));
    const batches = batchesOf({ kind: 'records' }, { records }, 0);
    expect(batches.map((batch) => batch.records)).toEqual([1, 1, 1]);
    for (const { payload } of batches) expect(JSON.stringify(payload).length).toBeLessThan(6_000_000);
  });

  it('by Lambda is the event that it was, of Kinesis or of Kafka', () => {
    const kinesis = { Records: [{ kinesis: { partitionKey: 'a' } }] };
    const kafka = { eventSource: 'SelfManagedKafka', records: { 'market-0': [{ offset: 1 }, { offset: 2 }] } };
    expect(batchesOf({ kind: 'given up' }, { payload: JSON.stringify(kinesis) }, 0)).toEqual([
      { payload: kinesis, records: 1 },
    ]);
    expect(batchesOf({ kind: 'given up' }, { payload: kafka }, 0)).toEqual([{ payload: kafka, records: 2 }]);
    expect(() => batchesOf({ kind: 'given up' }, { payload: '{}' }, 0)).toThrow('payload');
  });
});
