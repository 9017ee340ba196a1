import { expect, it } from 'vitest';
import { isoTime, parseDuration } from '#cli/duration.ts';
import { timeOption } from '#cli/tasks/time-option.ts';
import { deadlineOption } from '#cli/tasks/submission.ts';

it('reads an amount with its unit, and nothing else', () => {
  expect(['90s', '1.5h', '2d', '90', 'soon', '-1h'].map(parseDuration)).toEqual([
    90_000,
    5_400_000,
    172_800_000,
    null,
    null,
    null,
  ]);
});

it('has no time that a date cannot be', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect([8.64e15 + 1, NaN, -Infinity].map(isoTime)).toEqual([null, null, null]);
});

it.each([timeOption, deadlineOption])('rejects a time of absurd length as wrong usage, not with a stack', (option) => {
  expect(option.safeParse('2h').success).toBe(true);
  expect(option.safeParse('9999999999999d').success).toBe(false);
});
