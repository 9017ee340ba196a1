import { describe, expect, it } from 'vitest';
import { eventTypes, subjectSchema } from '../events/events.ts';

const bar = {
  ticker: 'AAPL',
  start: '2026-11-30T14:30:00Z',
  seconds: 300,
  revision: 0,
  open: 100,
  high: 101,
  low: 99,
  close: 100.5,
  volume: 12_000,
  previousClose: 99.5,
  currency: 'USD',
};

describe('data of events', () => {
  it('a bar is accepted', () => {
    expect(eventTypes['market.bar.v1'].parse(bar)).toEqual(bar);
  });

  it.each([
    ['close', Number.NaN],
    ['close', -1],
    ['close', 0],
    ['volume', 1.5],
    ['start', '14:30'],
    ['currency', 'dollars'],
    ['currency', 'EUR'],
  ])('a bar whose %s is %j is rejected by name', (field, value) => {
    const { error } = eventTypes['market.bar.v1'].safeParse({ ...bar, [field]: value });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field]);
  });

  it.each(['cik:0000320193', 'market:XNYS', 'macro:us.cpi'])('%s is a subject', (subject) => {
    expect(subjectSchema.safeParse(subject).success).toBe(true);
  });

  it.each(['AAPL', 'cik:320193', 'market:nyse', ''])('%j is no subject', (subject) => {
    expect(subjectSchema.safeParse(subject).success).toBe(false);
  });
});
