import { expect, test } from 'vitest';
import { timing } from '../../src/services/scheduler/expression.ts';

// A Monday.
const NOW = Date.UTC(2026, 10, 23, 12, 0, 30);

function firings(expression: string, timezone = 'UTC', count = 2): string[] {
  const times = timing(expression, timezone, NOW);
  const found: string[] = [];
  let time: number | undefined = NOW;
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

test.each([
  ['every day', 'it must be rate(…), cron(…) or at(…)'],
  ['rate(0 minutes)', 'a rate must be a number above 0 followed by minutes, hours or days'],
  ['cron(0 7 * * *)', 'a cron expression must have six fields'],
  ['cron(0 7 * * * *)', 'exactly one of day-of-month and day-of-week must be ?'],
])('rejects %s', (expression, reason) => {
  expect(() => timing(expression, 'UTC', NOW)).toThrow(`Invalid Schedule Expression ${expression}: ${reason}.`);
});
