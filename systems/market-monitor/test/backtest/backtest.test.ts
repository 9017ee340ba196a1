import { describe, expect, it } from 'vitest';
import { compare, run } from '../../backtest/backtest.ts';
import { readDay } from '../../backtest/read-day.ts';
import { bar, portfolio } from '../router/day.ts';

const line = (minutes: number, close: number, more: object = {}) => {
  const { data, time, ...event } = bar(minutes, { close });
  return JSON.stringify({
    specversion: '1.0',
    ...event,
    sequence: undefined,
    data,
    time: new Date(time).toISOString(),
    expirytime: new Date(time + 60_000).toISOString(),
    ...more,
  });
};

describe('a day of events', () => {
  it('is read as the router reads a stream', () => {
    const twice = line(0, 100, { id: 'same' });
    const { events, rejected, duplicates } = readDay([
      twice,
      '',
      '{',
      line(5, 99, { data: { close: -1 } }),
      twice,
      line(10, 99),
      line(1, 1, { type: 'market.bar.v9' }),
    ]);
    expect(events).toHaveLength(2);
    expect(duplicates).toBe(1);
    expect(rejected.map(({ line: number }) => number)).toEqual([3, 4, 7]);
  });

  it('has a filing for each company that it is about', () => {
    const both = ['cik:0000000001', 'cik:0000000002'].map((subject) => line(0, 100, { id: 'same', subject }));
    expect(readDay([...both, ...both])).toMatchObject({ events: { length: 2 }, duplicates: 2 });
  });

  it('is in the order of its numbers', () => {
    const { events } = readDay([line(5, 99, { id: 'b', sequence: '2' }), line(0, 100, { id: 'a', sequence: '1' })]);
    expect(events.map(({ id }) => id)).toEqual(['a', 'b']);
  });
});

describe('a backtest', () => {
  const events = [100, 96, 91.5, 87].map((close, index) => bar(index * 10, { close }));
  const early = {
    id: 'early',
    on: ['market.bar.v1'],
    when: 'crossed(m.dayPct, m.dayPeak, 3, 100)',
    severity: 'warning',
    cause: 'early',
    agent: 'price-move',
  };

  it('groups matches as alerts do', () => {
    expect(run(events, portfolio())).toMatchObject({
      events: 4,
      asked: 2,
      alerts: [{ cause: 'price-move', severity: 'urgent', step: 13, matches: 2, rules: ['day-move'] }],
    });
  });

  it('shows the alerts that changed rules add, remove and change', () => {
    const softer = {
      id: 'day-move',
      on: ['market.bar.v1'],
      when: 'crossed(m.dayPct, m.dayPeak, 8, 5)',
      severity: 'warning',
      cause: 'price-move',
    };
    const today = portfolio();
    expect(compare(events, today, today)).toMatchObject({ added: [], removed: [], changed: [] });
    expect(compare(events, today, portfolio({ rules: [early] }))).toMatchObject({
      added: [{ cause: 'early' }],
      removed: [],
      changed: [],
    });
    expect(compare(events, today, portfolio({ disabledRules: ['day-move'] }))).toMatchObject({
      added: [],
      removed: [{ cause: 'price-move' }],
    });
    expect(compare(events, today, portfolio({ rules: [softer] })).changed).toMatchObject([
      { before: { severity: 'urgent' }, after: { severity: 'warning' } },
    ]);
  });

  it('counts holdings that move together', () => {
    const holdings = [1, 2, 3].map((number) => ({ ticker: `T${number}`, cik: `000000000${number}`, quantity: 1 }));
    const down = [1, 2, 3].map((number) => ({
      ...bar(0, { open: 100, close: 97, ticker: `T${number}` }),
      subject: `cik:000000000${number}`,
    }));
    expect(run(down, portfolio({ holdings })).alerts).toMatchObject([{ cause: 'correlation' }]);
  });
});
