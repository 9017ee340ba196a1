import { expect, test } from 'vitest';
import { earlier, timesOfRun } from '../../night/clock-of-run.ts';

const startedAt = Date.parse('2026-11-28T12:00:00Z');
const deadline = startedAt + 3_600_000;
const RUN = { id: 'r1', startedAt, deadline };
const times = (space: string, now: number, event: Partial<Parameters<typeof timesOfRun>[0]> = {}) => {
  const { briefAt, due } = timesOfRun({ run: RUN, input: {}, ...event }, { night: '2026-11-02', space, now });
  return [briefAt, due].map((at) => new Date(at).toISOString());
};

test.each([
  ['started after its deadline, with that of its pipeline', RUN],
  ['that was stopped, of which the end knows no deadline', { id: 'r1', startedAt }],
  ['that did not begin', { id: 'r1' }],
])('the brief of a run %s is due when its input says', (_, run) => {
  const input = { due: '2026-11-28T07:00:00+01:00' };
  const now = startedAt + 600_000;
  expect(times('web', now, { run, input })).toEqual(['2026-11-28T12:10:00.000Z', '2026-11-28T06:00:00.000Z']);
});

test('a simulated night is due by its own clock', () => {
  const input = { due: '2026-11-03T07:00:00.000Z' };
  expect(times('simulated-1-5', startedAt + 600_000, { input })).toEqual([
    '2026-11-02T22:10:00.000Z',
    '2026-11-03T07:00:00.000Z',
  ]);
});

test.each([
  ['its run ends', RUN, {}, '2026-11-28T13:20:00.000Z'],
  ['its input lets it end', { id: 'r1', startedAt }, { deadline: '2026-11-28T14:00:00Z' }, '2026-11-28T14:20:00.000Z'],
  ['the longest night ends', { id: 'r1', startedAt }, { due: 'soon' }, '2026-11-28T21:20:00.000Z'],
])('a brief of which nobody said when it is due is due 20 minutes after %s', (_, run, input, due) => {
  expect(times('web', startedAt + 40_000_000, { run, input })[1]).toBe(due);
});

test('a night of a simulated web begins at 22:00 of its date, and passes as time does', () => {
  expect(times('simulated-1-5', startedAt + 600_000)).toEqual(['2026-11-02T22:10:00.000Z', '2026-11-02T23:20:00.000Z']);
});

test('the brief of a simulated night is due at a whole minute, however long the run took to begin', () => {
  const run = { id: 'r1', startedAt: startedAt + 1_400, deadline };
  const { due } = timesOfRun({ run, input: {} }, { night: '2026-11-02', space: 'simulated-1-5', now: startedAt });
  expect(new Date(due).toISOString()).toBe('2026-11-02T23:20:00.000Z');
});

test.each([
  ['07:00', '06:40'],
  ['00:10', '23:50'],
])('a run whose brief is due at %s ends at %s', (due, ends) => {
  expect(earlier(due)).toBe(ends);
});
