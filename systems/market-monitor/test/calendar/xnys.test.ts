import { describe, expect, it, test } from 'vitest';
import { sweep } from '../../alerts/act.ts';
import { raise } from '../../alerts/raise.ts';
import { watchCalendar } from '../../calendar/watch-calendar.ts';
import { lastClosed, sessionAt, sessionOn } from '../../calendar/xnys.ts';
import { memoryPorts } from '../alerts/support.ts';

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

  /** The announcements as they stand: the day of a holiday, `*` for a day on which the exchange closes at 13:00. */
  it.each([
    [2025, '01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-03* 07-04 09-01 11-27 11-28* 12-24* 12-25'],
    [2026, '01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 11-27* 12-24* 12-25'],
    [2027, '01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 11-26* 12-24'],
    [2028, '01-17 02-21 04-14 05-29 06-19 07-03* 07-04 09-04 11-23 11-24* 12-25'],
  ])('the weekdays of %d on which it is closed, or closes early', (year, expected) => {
    const first = Date.UTC(year, 0, 1);
    const weekdays = Array.from({ length: 366 }, (_, index) => new Date(first + index * 86_400_000)).filter(
      (day) => day.getUTCFullYear() === year && day.getUTCDay() % 6 !== 0,
    );
    const special = weekdays.flatMap((day) => {
      const date = day.toISOString().slice(0, 10);
      const session = sessionOn(date);
      if (session === null) return [date.slice(5)];
      return session.closesAt - session.opensAt < 6.5 * 3_600_000 ? [`${date.slice(5)}*`] : [];
    });
    expect(special.join(' ')).toBe(expected);
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

describe('the end of the calendar', () => {
  const heard = async (...times: readonly string[]) => {
    const ports = memoryPorts();
    for (const time of times) {
      ports.time.now = Date.parse(time);
      await watchCalendar({ raise: (matches) => raise(ports, matches) }, ['tech'], ports.time.now);
      await sweep(ports, () => true);
    }
    const alert = ports.alerts.items.get('tech/calendar:xnys/calendar-ends');
    return alert?.notifications.map(({ why, severity, title }) => `${why} ${severity} ${title.split(':')[0]}`) ?? [];
  };
  const WARNING = 'warning The calendar of the New York Stock Exchange ends with 2028';

  it('is a warning half a year before, within a session, once a month', async () => {
    expect(await heard('2028-06-30T15:00:00Z')).toEqual([]);
    expect(await heard('2028-07-01T15:00:00Z', '2028-07-03T03:00:00Z')).toEqual([]);
    expect(
      await heard('2028-07-03T15:00:00Z', '2028-07-03T15:01:00Z', '2028-07-05T15:00:00Z', '2028-08-01T15:00:00Z'),
    ).toEqual([`first ${WARNING}`, `resolved ${WARNING}`, `first ${WARNING}`]);
  });
});
