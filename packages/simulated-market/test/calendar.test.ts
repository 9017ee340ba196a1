import { describe, expect, it } from 'vitest';
import { EXCHANGES, nextSession, sessionOf, zonedTime } from '../src/index.ts';

const utc = (time: number | undefined): string => new Date(time ?? Number.NaN).toISOString().slice(11, 16);
const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
const date = (year: number, month: number, day: number): Date => new Date(Date.UTC(year, month - 1, day));

/** The `count`th weekday of a month, or the last one for -1. Sunday is 0. */
function weekday(year: number, month: number, day: number, count: number): string {
  const first = count > 0 ? date(year, month, 1) : date(year, month + 1, 0);
  const step = count > 0 ? (day - first.getUTCDay() + 7) % 7 : -((first.getUTCDay() - day + 7) % 7);
  const found = first.getTime() + (step + (count > 0 ? (count - 1) * 7 : 0)) * 86_400_000;
  return dayOf(new Date(found));
}

/** Easter Sunday (the anonymous Gregorian algorithm), moved by some days. */
function easter(year: number, offset: number): string {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const [month, day] = [Math.floor((h + l - 7 * m + 114) / 31), ((h + l - 7 * m + 114) % 31) + 1];
  return dayOf(new Date(date(year, month, day).getTime() + offset * 86_400_000));
}

/** New York moves a holiday from Saturday to Friday, and from Sunday to Monday. */
function observed(year: number, month: number, day: number): string {
  const weekday = date(year, month, day).getUTCDay();
  return dayOf(date(year, month, day + (weekday === 6 ? -1 : weekday === 0 ? 1 : 0)));
}

const isWeekday = (day: string): boolean => ![0, 6].includes(new Date(day).getUTCDay());

describe.each([2025, 2026, 2027])('the holidays of %i follow their rules', (year) => {
  const of = (mic: 'XNYS' | 'XLON'): string[] => EXCHANGES[mic].holidays.filter((day) => day.startsWith(String(year)));

  it('in New York', () => {
    const holidays = [
      ...(date(year, 1, 1).getUTCDay() === 6 ? [] : [observed(year, 1, 1)]),
      ...(year === 2025 ? ['2025-01-09'] : []),
      weekday(year, 1, 1, 3),
      weekday(year, 2, 1, 3),
      easter(year, -2),
      weekday(year, 5, 1, -1),
      observed(year, 6, 19),
      observed(year, 7, 4),
      weekday(year, 9, 1, 1),
      weekday(year, 11, 4, 4),
      observed(year, 12, 25),
    ];
    expect(of('XNYS')).toEqual(holidays);
    const afterThanksgiving = dayOf(new Date(Date.parse(weekday(year, 11, 4, 4)) + 86_400_000));
    const early = [`${year}-07-03`, afterThanksgiving, `${year}-12-24`].filter(
      (day) => isWeekday(day) && !holidays.includes(day),
    );
    expect(EXCHANGES.XNYS.early.filter((day) => day.startsWith(String(year)))).toEqual(early);
  });

  it('in London', () => {
    const christmas = date(year, 12, 25).getUTCDay();
    const lastDays =
      christmas === 6 ? ['27', '28'] : christmas === 0 ? ['26', '27'] : christmas === 5 ? ['25', '28'] : ['25', '26'];
    expect(of('XLON')).toEqual([
      `${year}-01-01`,
      easter(year, -2),
      easter(year, 1),
      weekday(year, 5, 1, 1),
      weekday(year, 5, 1, -1),
      weekday(year, 8, 1, -1),
      ...lastDays.map((day) => `${year}-12-${day}`),
    ]);
  });
});

it.each([
  ['XNYS', '2026-03-06', '14:30', '21:00'],
  ['XNYS', '2026-03-09', '13:30', '20:00'],
  ['XNYS', '2026-10-30', '13:30', '20:00'],
  ['XNYS', '2026-11-02', '14:30', '21:00'],
  ['XNYS', '2026-11-27', '14:30', '18:00'],
  ['XLON', '2026-03-27', '08:00', '16:30'],
  ['XLON', '2026-03-30', '07:00', '15:30'],
  ['XLON', '2026-12-24', '08:00', '12:30'],
  ['XTKS', '2026-07-01', '00:00', '06:30'],
] as const)('%s opens and closes on %s at the right times in UTC', (exchange, day, open, close) => {
  const session = sessionOf(exchange, day);
  expect([utc(session?.open), utc(session?.close)]).toEqual([open, close]);
});

it('pauses at noon in Tokyo', () => {
  const parts = sessionOf('XTKS', '2026-07-01')?.parts ?? [];
  expect(parts.map(({ open, close }) => [utc(open), utc(close)])).toEqual([
    ['00:00', '02:30'],
    ['03:30', '06:30'],
  ]);
});

it('has no session on weekends and holidays, and finds the next one', () => {
  expect(sessionOf('XNYS', '2026-11-26')).toBeNull();
  expect(sessionOf('XNYS', '2026-11-28')).toBeNull();
  expect(nextSession('XNYS', '2026-11-25').day).toBe('2026-11-27');
  expect(nextSession('XNYS', '2026-11-30', -1).day).toBe('2026-11-27');
  expect(() => sessionOf('XNYS', '2028-01-03')).toThrow('Choose a day from 2025 to 2027');
});

it('reads clocks on both sides of a change of the clocks', () => {
  const at = (day: string, clock: string): string => new Date(zonedTime(day, clock, 'America/New_York')).toISOString();
  expect(at('2026-03-08', '01:30')).toBe('2026-03-08T06:30:00.000Z');
  expect(at('2026-03-08', '03:30')).toBe('2026-03-08T07:30:00.000Z');
  expect(at('2026-11-01', '03:30')).toBe('2026-11-01T08:30:00.000Z');
});
