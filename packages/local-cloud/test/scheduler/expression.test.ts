import { expect, test } from 'vitest';
import { timing } from '../../src/services/scheduler/expression.ts';

// A Monday.
const NOW = Date.UTC(2026, 10, 23, 12, 0, 30);

function firings(expression: string, timezone = 'UTC', count = 2, from = NOW): string[] {
  const times = timing(expression, timezone, from);
  const found: string[] = [];
  let time: number | undefined = from;
  while (found.length < count) {
    time = times.next(time);
    if (time === undefined) break;
    found.push(new Date(time).toISOString().slice(0, 19));
  }
  return found;
}

test.each([
  ['rate(1 minute)', 'UTC', ['2026-11-23T12:01:30', '2026-11-23T12:02:30']],
  ['rate(2 hours)', 'UTC', ['2026-11-23T14:00:30', '2026-11-23T16:00:30']],
  ['cron(0/15 * * * ? *)', 'UTC', ['2026-11-23T12:15:00', '2026-11-23T12:30:00']],
  ['cron(0 7 * * ? *)', 'UTC', ['2026-11-24T07:00:00', '2026-11-25T07:00:00']],
  ['cron(0 7 * * ? *)', 'America/New_York', ['2026-11-24T12:00:00', '2026-11-25T12:00:00']],
  ['cron(0 7 ? * 2-6 *)', 'UTC', ['2026-11-24T07:00:00', '2026-11-25T07:00:00']],
  ['cron(0 7 ? * MON-FRI *)', 'UTC', ['2026-11-24T07:00:00', '2026-11-25T07:00:00']],
  ['cron(0 7 ? * 1 *)', 'UTC', ['2026-11-29T07:00:00', '2026-12-06T07:00:00']],
  ['cron(0 7 ? * 6L *)', 'UTC', ['2026-11-27T07:00:00', '2026-12-25T07:00:00']],
  ['cron(0 7 ? * 3#2 *)', 'UTC', ['2026-12-08T07:00:00', '2027-01-12T07:00:00']],
  ['cron(0 7 L * ? *)', 'UTC', ['2026-11-30T07:00:00', '2026-12-31T07:00:00']],
  ['cron(0 7 1 1 ? 2028)', 'UTC', ['2028-01-01T07:00:00']],
  ['at(2026-11-24T08:00:00)', 'Europe/Berlin', ['2026-11-24T07:00:00']],
  ['at(2026-11-22T08:00:00)', 'UTC', []],
])('%s in %s fires at %j', (expression, timezone, expected) => {
  expect(firings(expression, timezone)).toEqual(expected);
});

// Berlin's clocks go from 02:00 to 03:00 on 28 March 2027 (01:00 UTC) and from 03:00 back to 02:00 on 31 October 2027 (01:00 UTC).
// New York's go from 02:00 to 03:00 on 14 March 2027 and back on 7 November 2027; Lord Howe's move by half an hour.
test.each([
  ['skips a time that does not exist', '30 2', 'Europe/Berlin', '2027-03-27', ['2027-03-27T01:30', '2027-03-29T00:30']],
  [
    'fires once at a time that occurs twice',
    '30 2',
    'Europe/Berlin',
    '2027-10-30',
    ['2027-10-30T00:30', '2027-10-31T00:30', '2027-11-01T01:30'],
  ],
  [
    'keeps 07:00 through spring',
    '0 7',
    'Europe/Berlin',
    '2027-03-27',
    ['2027-03-27T06:00', '2027-03-28T05:00', '2027-03-29T05:00'],
  ],
  [
    'keeps 22:00 through autumn',
    '0 22',
    'Europe/Berlin',
    '2027-10-30',
    ['2027-10-30T20:00', '2027-10-31T21:00', '2027-11-01T21:00'],
  ],
  ['skips in New York', '0 2', 'America/New_York', '2027-03-13', ['2027-03-13T07:00', '2027-03-15T06:00']],
  ['fires once in New York', '30 1', 'America/New_York', '2027-11-07', ['2027-11-07T05:30', '2027-11-08T06:30']],
  [
    'skips half an hour on Lord Howe Island',
    '15 2',
    'Australia/Lord_Howe',
    '2027-10-01',
    ['2027-10-01T15:45', '2027-10-03T15:15'],
  ],
  [
    'fires each quarter of an hour that exists',
    '0/15 2-3',
    'Europe/Berlin',
    '2027-03-28',
    ['2027-03-28T01:00', '2027-03-28T01:15'],
  ],
])('daylight saving: %s', (_, fields, timezone, day, expected) => {
  const found = firings(`cron(${fields} * * ? *)`, timezone, expected.length, Date.parse(`${day}T00:00:00Z`));
  expect(found.map((time) => time.slice(0, 16))).toEqual(expected);
});

test('an hour that occurs twice has each of its quarters once', () => {
  const found = firings('cron(0/15 * * * ? *)', 'Europe/Berlin', 6, Date.parse('2027-10-31T00:20:00Z'));
  const times = ['00:30', '00:45', '02:00', '02:15', '02:30', '02:45'];
  expect(found.map((time) => time.slice(11, 16))).toEqual(times);
});

test.each([
  ['every day', 'it must be rate(…), cron(…) or at(…)'],
  ['rate(0 minutes)', 'a rate must be a number above 0 followed by minutes, hours or days'],
  ['cron(0 7 * * *)', 'a cron expression must have six fields'],
  ['cron(0 7 * * * *)', 'exactly one of day-of-month and day-of-week must be ?'],
])('rejects %s', (expression, reason) => {
  expect(() => timing(expression, 'UTC', NOW)).toThrow(`Invalid Schedule Expression ${expression}: ${reason}.`);
});

test('rejects an unknown time zone', () => {
  expect(() => timing('cron(0 7 * * ? *)', 'Europe/Nowhere', NOW)).toThrow('Europe/Nowhere');
});
