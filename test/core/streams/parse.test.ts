import { describe, expect, it } from 'vitest';
import { MAX_EVENT_BYTES, parseRecord } from '#core/streams/parse.ts';
import { tally, T0 } from './support.ts';

const attributes = {
  specversion: '1.0',
  id: 'e-7',
  source: 'bars',
  type: 'tally.amount.v1',
  subject: 's-1',
  time: new Date(T0).toISOString(),
  sequence: '7',
  data: { amount: 3 },
};

const record = (bytes: Uint8Array, arrivedAt = T0) => ({
  stream: 'numbers',
  partition: 'shardId-000000000000',
  position: '1',
  key: 's-1',
  bytes,
  arrivedAt,
});
const parsed = (event: unknown, now = T0, arrivedAt = T0) =>
  parseRecord(tally, record(Buffer.from(JSON.stringify(event)), arrivedAt), now);

describe('a record', () => {
  it('becomes an event', () => {
    expect(parsed(attributes)).toEqual({
      event: {
        source: 'bars',
        id: 'e-7',
        type: 'tally.amount.v1',
        subject: 's-1',
        time: T0,
        sequence: 7n,
        data: { amount: 3 },
        arrivedAt: T0,
        late: false,
      },
    });
  });

  it('may come without a number', () => {
    const { sequence: _, ...without } = attributes;
    expect(parsed(without)).toMatchObject({ event: { sequence: null } });
  });

  it.each([
    ['unknown-type', { type: 'tally.other.v1' }, 'tally.amount.v1'],
    ['unknown-type', { type: 'constructor' }, 'tally.amount.v1'],
    ['unknown-version', { type: 'tally.amount.v9' }, 'tally.amount.v1'],
    ['invalid-subject', { subject: 'somebody' }, 'must'],
    ['invalid-data', { data: { amount: '3' } }, 'amount must be a number'],
    ['not-a-cloud-event', { specversion: '0.3' }, 'specversion'],
    ['not-a-cloud-event', { sequence: '-4' }, 'sequence must be 1 to 18 digits'],
    ['from-the-future', { time: new Date(T0 + 300_001).toISOString() }, 'clock of bars'],
    ['expired', { expirytime: new Date(T0).toISOString() }, 'of use until'],
  ])('is rejected as %s: %j', (reason, change, detail) => {
    const result = parsed({ ...attributes, ...change });
    expect(result).toMatchObject({ rejection: { reason } });
    expect('rejection' in result && result.rejection.detail).toContain(detail);
  });

  it.each([
    ['too-big', Buffer.alloc(MAX_EVENT_BYTES + 1, ' ')],
    ['not-utf-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['not-json', Buffer.from('{"amount": NaN}')],
    ['not-json', Buffer.alloc(0)],
    ['not-a-cloud-event', Buffer.from('[]')],
    ['not-a-cloud-event', Buffer.from('null')],
  ])('is rejected as %s by its bytes', (reason, bytes) => {
    expect(parseRecord(tally, record(bytes), T0)).toMatchObject({ rejection: { reason } });
  });

  it('is judged by its arrival, so that a second delivery ends as the first', () => {
    const early = { ...attributes, time: new Date(T0 + 600_000).toISOString() };
    expect(parsed(early, T0 + 3_600_000)).toMatchObject({ rejection: { reason: 'from-the-future' } });
    expect(parsed(early, T0, T0 + 600_000)).toMatchObject({ rejection: { reason: 'from-the-future' } });
  });

  it('is of use if it was when it arrived, however late the router is', () => {
    const short = { ...attributes, expirytime: new Date(T0 + 1_000).toISOString() };
    expect(parsed(short, T0 + 3_600_000)).toHaveProperty('event');
  });

  it('may be five minutes ahead', () => {
    expect(parsed({ ...attributes, time: new Date(T0 + 300_000).toISOString() })).toHaveProperty('event');
  });
});
