import { describe, expect, it, test } from 'vitest';
import { lastClosed, sessionAt, sessionOn } from '../../calendar/xnys.ts';

const times = (date: string): string | null => {
  const session = sessionOn(date);
  return session && `${new Date(session.opensAt).toISOString()} ${new Date(session.closesAt).toISOString()}`;
};

describe('sessions of the New York Stock Exchange', () => {
  test.each([
    ['2026-11-25', 'a winter day', '2026-11-25T14:30:00.000Z 2026-11-25T21:00:00.000Z'],
    ['2026-07-08', 'a summer day', '2026-07-08T13:30:00.000Z 2026-07-08T20:00:00.000Z'],
    ['2026-03-06', 'the last day before summer time', '2026-03-06T14:30:00.000Z 2026-03-06T21:00:00.000Z'],
    ['2026-03-09', 'the first day of summer time', '2026-03-09T13:30:00.000Z 2026-03-09T20:00:00.000Z'],
    ['2026-10-30', 'the last day of summer time', '2026-10-30T13:30:00.000Z 2026-10-30T20:00:00.000Z'],
    ['2026-11-02', 'the first day after it', '2026-11-02T14:30:00.000Z 2026-11-02T21:00:00.000Z'],
    ['2026-11-27', 'the day after Thanksgiving', '2026-11-27T14:30:00.000Z 2026-11-27T18:00:00.000Z'],
    ['2028-07-03', 'the day before Independence Day', '2028-07-03T13:30:00.000Z 2028-07-03T17:00:00.000Z'],
    ['2027-12-31', 'the last day of 2027', '2027-12-31T14:30:00.000Z 2027-12-31T21:00:00.000Z'],
  ])('%s, %s', (date, _, expected) => {
    expect(times(date)).toBe(expected);
  });

  test.each(['2026-11-26', '2026-11-28', '2026-11-29', '2026-07-03', '2027-03-26', '2027-06-18', '2028-04-14'])(
    'none on %s',
    (date) => {
      expect(times(date)).toBeNull();
    },
  );

  it.each([
    [2026, 10],
    [2027, 10],
    [2028, 9],
  ])('%d has %d holidays on weekdays', (year, count) => {
    const first = Date.UTC(year, 0, 1);
    const days = Array.from({ length: 366 }, (_, index) => new Date(first + index * 86_400_000));
    const weekdays = days.filter((day) => day.getUTCFullYear() === year && day.getUTCDay() % 6 !== 0);
    expect(weekdays.filter((day) => sessionOn(day.toISOString().slice(0, 10)) === null)).toHaveLength(count);
  });

  it('is open from its opening until just before its close', () => {
    const { opensAt, closesAt } = sessionOn('2026-11-27') ?? { opensAt: 0, closesAt: 0 };
    expect(sessionAt(opensAt - 1)).toBeNull();
    expect(sessionAt(opensAt)?.date).toBe('2026-11-27');
    expect(sessionAt(closesAt - 1)?.date).toBe('2026-11-27');
    expect(sessionAt(closesAt)).toBeNull();
    expect(lastClosed(closesAt).date).toBe('2026-11-27');
    expect(lastClosed(closesAt - 1).date).toBe('2026-11-25');
    expect(lastClosed(Date.parse('2026-11-29T12:00:00Z')).date).toBe('2026-11-27');
  });
});
