import { expect, it } from 'vitest';
import { checkSchedule, defaultBy, type ScheduleTimes } from '#lib/constructs/schedule-times.ts';

const NIGHTLY: ScheduleTimes = {
  name: 'nightly',
  zone: 'Europe/Berlin',
  at: '22:00',
  watchdog: '04:30',
  by: '06:45',
  flexibleMinutes: 10,
  graceMinutes: 20,
};

function check(change: Partial<ScheduleTimes>): void {
  const times = { ...NIGHTLY, ...change };
  checkSchedule(times, `companies-${times.name}`);
}

it.each([
  [{ at: '02:30' }, 'on 20', 'Use a time before 02:00, or 03:00 and later'],
  [{ watchdog: '02:59' }, 'has watchdog 02:59 in Europe/Berlin', 'Use a time before 02:00'],
  [{ at: '23:30', zone: 'America/Nuuk' }, 'skip from 23:00 to 00:00', 'Use a time before 23:00'],
  [{ at: '22:15', zone: 'Pacific/Easter' }, 'skip from 22:00 to 23:00', 'or 23:00 and later'],
  [{ watchdog: '02:15', zone: 'Australia/Lord_Howe' }, 'skip from 02:00 to 02:30', 'or 02:30 and later'],
  [{ at: '20:00', watchdog: '21:00', by: '01:30', zone: 'Antarctica/Troll' }, 'has by 01:30', '03:00 and later'],
  [{ watchdog: '01:00', by: '01:50' }, 'has by and graceMinutes, together 02:10', 'Use a time before 02:00'],
  [{ at: '7:00' }, 'has at 7:00', 'Use a time like 22:00'],
  [{ by: '25:00' }, 'has by 25:00', 'Use a time like 22:00'],
  [{ zone: 'Europe/Bärlin' }, 'has the zone Europe/Bärlin', 'Use an IANA time zone like Europe/Berlin'],
  [{ name: 'Every Night' }, 'Every Night', 'must be lower case with dashes'],
  [{ name: 'n'.repeat(60) }, 'together they have 70 characters', 'Shorten its name'],
  [{ watchdog: '22:00' }, 'The watchdog of nightly', 'must come later than 22:00'],
  [{ watchdog: '06:45' }, 'has watchdog 06:45', 'Use a watchdog between them'],
  [{ watchdog: '07:30' }, 'ends by 06:45', 'Use a watchdog between them'],
  [{ watchdog: '21:00' }, 'has watchdog 21:00', 'Use a watchdog between them'],
  [{ flexibleMinutes: 2_000 }, 'a window of 2000 minutes', 'Use 0 to 1440'],
  [{ flexibleMinutes: 390 }, 'watchdog 04:30 would start the run', 'Shorten the window'],
  [{ graceMinutes: 200 }, 'has graceMinutes 200', 'Use a whole number from 0 to 180'],
])('is rejected, with the remedy: %j', (change, what, remedy) => {
  expect(() => check(change)).toThrow(what);
  expect(() => check(change)).toThrow(remedy);
});

it.each([
  ['Europe/Berlin', '03:00', '04:00'],
  ['Asia/Tokyo', '02:30', '03:30'],
  ['America/New_York', '00:00', '03:00'],
  ['America/Nuuk', '02:30', '04:00'],
  ['Pacific/Easter', '23:00', '02:30'],
])('in %s a run may be due at %s', (zone, at, watchdog) => {
  expect(() => check({ zone, at, watchdog })).not.toThrow();
});

it.each([
  ['22:00', 8 * 3_600, '06:00'],
  ['22:00', 90, '22:02'],
  // A run ends before the next one.
  ['22:00', 7 * 86_400, '22:00'],
])('a run that is due at %s ends after %d s, by %s', (at, deadline, by) => {
  expect(defaultBy(at, deadline)).toBe(by);
});
