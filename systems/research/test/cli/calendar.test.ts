import { describe, expect, it, test } from 'vitest';
import { realNight, simulatedNight } from '../../cli/calendar.ts';

const at = (iso: string): number => Date.parse(iso);
const shown = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

describe('a real night ends at the next time of day in the zone of the machine', () => {
  it.each([
    ['an ordinary evening', '2026-11-29T21:00Z', '07:00', '2026-11-30T06:00', '2026-11-29'],
    ['after midnight, still the same night', '2026-11-29T23:30Z', '07:00', '2026-11-30T06:00', '2026-11-29'],
    ['just after it ended', '2026-11-30T06:00Z', '07:00', '2026-12-01T06:00', '2026-11-30'],
    ['by day', '2026-11-30T08:00Z', '12:00', '2026-11-30T11:00', '2026-11-30'],
    ['the night that is an hour shorter', '2027-03-27T21:00Z', '07:00', '2027-03-28T05:00', '2027-03-27'],
    ['the night that is an hour longer', '2027-10-30T20:00Z', '07:00', '2027-10-31T06:00', '2027-10-30'],
    ['a time that the clocks skip', '2027-03-27T21:00Z', '02:30', '2027-03-28T01:00', '2027-03-27'],
    ['a time that comes twice: the first', '2027-10-30T20:00Z', '02:30', '2027-10-31T00:30', '2027-10-30'],
  ])('%s', (_, now, by, due, date) => {
    const night = realNight(at(now), by, 'Europe/Berlin');
    expect({ due: shown(night.due), date: night.date }).toEqual({ due, date });
  });
});

const MINUTE_MS = 60_000;

test('the brief is made twenty minutes before it is due, and later if there is less time', () => {
  const night = realNight(at('2026-11-29T21:00Z'), '07:00', 'Europe/Berlin');
  expect(shown(night.deadline(at('2026-11-29T21:00Z')))).toBe('2026-11-30T05:40');
  // The run is started at the last minute.
  expect(night.due - night.deadline(night.due - 10 * MINUTE_MS)).toBe(MINUTE_MS);
});

test('a simulated night begins at 22:00 of its date and passes as fast as time does', () => {
  const night = simulatedNight('2026-11-02', 1, '07:00');
  expect({ date: night.date, due: shown(night.due) }).toEqual({ date: '2026-11-03', due: '2026-11-04T07:00' });
  expect(shown(night.deadline(at('2026-11-29T03:00Z')))).toBe('2026-11-29T11:40');
});
