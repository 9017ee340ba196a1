import { expect, test } from 'vitest';
import { earlier, timesOfRun } from '../../night/clock-of-run.ts';

const startedAt = Date.parse('2026-11-28T12:00:00Z');
const deadline = startedAt + 3_600_000;
const times = (space: string, now: number) => {
  const { briefAt, due } = timesOfRun({ id: 'r1', startedAt, deadline }, { night: '2026-11-02', space, now });
  return [briefAt, due].map((at) => new Date(at).toISOString());
};

test('a brief is due 20 minutes after its run ends', () => {
  expect(times('web', startedAt + 600_000)).toEqual(['2026-11-28T12:10:00.000Z', '2026-11-28T13:20:00.000Z']);
});

test('a night of a simulated web begins at 22:00 of its date, and passes as time does', () => {
  expect(times('simulated-1-5', startedAt + 600_000)).toEqual(['2026-11-02T22:10:00.000Z', '2026-11-02T23:20:00.000Z']);
});

test('the brief of a simulated night is due at a whole minute, however long the run took to begin', () => {
  const run = { id: 'r1', startedAt: startedAt + 1_400, deadline };
  const { due } = timesOfRun(run, { night: '2026-11-02', space: 'simulated-1-5', now: startedAt });
  expect(new Date(due).toISOString()).toBe('2026-11-02T23:20:00.000Z');
});

test.each([
  ['07:00', '06:40'],
  ['00:10', '23:50'],
])('a run whose brief is due at %s ends at %s', (due, ends) => {
  expect(earlier(due)).toBe(ends);
});
