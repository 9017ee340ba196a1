import { describe, expect, it } from 'vitest';
import { timing } from '@agent-fleet/local-cloud/timing';
import { instantOf, localTime, shiftDate } from '#core/parse/local-time.ts';
import {
  MAX_RUNS_LENGTH,
  checkTime,
  checkedRun,
  scheduledRun,
  watchdogStarts,
  type DailySchedule,
} from '#core/schedules/scheduled-run.ts';

const nightly = (zone: string): DailySchedule & { grace: number } => ({
  runs: 'companies-nightly',
  zone,
  at: '22:00',
  by: '06:45',
  grace: 20,
});

/** The times at which Scheduler fires a cron expression in a zone, over one year. */
function firings(expression: string, zone: string): number[] {
  const times = timing(expression, zone, 0);
  const found: number[] = [];
  const end = instantOf({ date: '2028-01-01', time: '12:00' }, zone);
  for (
    let at = times.next(instantOf({ date: '2027-01-01', time: '12:00' }, zone));
    at !== undefined && at < end;
    at = times.next(at)
  )
    found.push(at);
  return found;
}

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Antarctica/Troll', 'UTC'];

describe.each(ZONES)('a nightly run in %s', (zone) => {
  const due = firings('cron(0 22 * * ? *)', zone).map((at) => scheduledRun(nightly(zone), 'due', at, at));
  const watched = firings('cron(30 4 * * ? *)', zone).map((at) => scheduledRun(nightly(zone), 'watchdog', at, at));
  const checked = firings('cron(5 7 * * ? *)', zone).map((at) => checkedRun(nightly(zone), 20, at));

  it('has one name for each night of the year, also when the clocks change', () => {
    expect(new Set(due.map(({ name }) => name)).size).toBe(365);
    expect(due[0]?.name).toBe('companies-nightly-2027-01-01');
    expect(due.at(-1)?.name).toBe('companies-nightly-2027-12-31');
  });

  it('is what the watchdog of the next morning starts, if it is missing', () => {
    expect(watched).toEqual(due);
  });

  it('is checked once, twenty minutes after its end', () => {
    expect(checkTime(nightly(zone), 20)).toEqual({ time: '07:05', days: 1 });
    expect(checked).toEqual(due.map(({ name }) => name));
  });

  it('ends at the local time, and its results are due twenty minutes later', () => {
    for (const { date, deadline = '', due: resultsDue } of due) {
      expect(localTime(Date.parse(deadline), zone)).toEqual({ date: shiftDate(date, 1), time: '06:45' });
      expect(localTime(Date.parse(resultsDue), zone)).toEqual({ date: shiftDate(date, 1), time: '07:05' });
    }
  });
});

describe('the nights on which the clocks change', () => {
  it.each([
    ['Europe/Berlin', '2027-03-27', '2027-03-27T21:00:00.000Z', '2027-03-28T04:45:00.000Z'],
    ['Europe/Berlin', '2027-10-30', '2027-10-30T20:00:00.000Z', '2027-10-31T05:45:00.000Z'],
    ['America/New_York', '2027-03-13', '2027-03-14T03:00:00.000Z', '2027-03-14T10:45:00.000Z'],
    ['America/New_York', '2027-11-06', '2027-11-07T02:00:00.000Z', '2027-11-07T11:45:00.000Z'],
  ])('%s, %s: starts at 22:00 and ends at 06:45 on the wall', (zone, date, start, deadline) => {
    const at = instantOf({ date, time: '22:00' }, zone);
    expect(new Date(at).toISOString()).toBe(start);
    const name = `companies-nightly-${date}`;
    const due = new Date(Date.parse(deadline) + 20 * 60_000).toISOString();
    expect(scheduledRun(nightly(zone), 'due', at, at)).toEqual({ name, date, deadline, due });
  });

  it('have a rescue at the local time of the watchdog, which only the run of the night has', () => {
    const at = instantOf({ date: '2027-03-27', time: '22:00' }, 'Europe/Berlin');
    const watched = { ...nightly('Europe/Berlin'), watchdog: '04:30' };
    expect(scheduledRun(watched, 'due', at, at).rescueAt).toBe('2027-03-28T02:30:00.000Z');
    expect(scheduledRun({ ...watched, watchdog: '23:30' }, 'due', at, at).rescueAt).toBe('2027-03-27T22:30:00.000Z');
    for (const occasion of ['watchdog', 'by-hand'] as const)
      expect(scheduledRun(watched, occasion, at, at)).not.toHaveProperty('rescueAt');
  });

  it('Scheduler skips a time that does not exist and fires once at one that comes twice', () => {
    const dates = firings('cron(30 2 * * ? *)', 'Europe/Berlin').map((at) => localTime(at, 'Europe/Berlin').date);
    expect(dates).not.toContain('2027-03-28');
    expect(dates.filter((date) => date === '2027-10-31')).toHaveLength(1);
    expect(dates).toHaveLength(364);
  });
});

describe('a run by hand', () => {
  const byHand = (time: string) => {
    const at = Date.parse(time);
    return scheduledRun(nightly('Europe/Berlin'), 'by-hand', at, at);
  };

  it.each([
    ['repairs the night that is under way', '2027-06-01T23:00:05Z', '2027-06-01', '2027-06-02T05:05:00.000Z'],
    [
      'is late for the last night, not early for the coming one',
      '2027-06-01T13:05:00Z',
      '2027-05-31',
      '2027-06-01T05:05:00.000Z',
    ],
    [
      'takes not the name of a night that is due just now',
      '2027-06-01T20:00:00Z',
      '2027-06-01',
      '2027-06-02T05:05:00.000Z',
    ],
  ])('%s', (_, time, date, due) => {
    const name = `companies-nightly-now-${time.replaceAll(/[-:]/g, '')}`;
    // No deadline: that of the night may be in a minute.
    expect(byHand(time)).toEqual({ name, date, due });
  });

  it('of two in a minute each has its own name', () => {
    expect(byHand('2027-06-01T13:05:01Z').name).not.toBe(byHand('2027-06-01T13:05:02Z').name);
  });

  it('has a name of at most 80 characters', () => {
    const at = Date.parse('2027-06-01T13:05:00Z');
    const schedule = { ...nightly('UTC'), runs: 'r'.repeat(MAX_RUNS_LENGTH) };
    expect(scheduledRun(schedule, 'by-hand', at, at).name).toHaveLength(80);
  });
});

describe('a watchdog', () => {
  it.each([
    [null, 'n-2027-03-27'],
    ['FAILED', 'n-2027-03-27-2'],
    ['TIMED_OUT', 'n-2027-03-27-2'],
    ['RUNNING', null],
    ['SUCCEEDED', null],
    // A person stopped it.
    ['ABORTED', null],
  ])('of a run that is %s starts %s', (status, started) => {
    expect(watchdogStarts('n-2027-03-27', status)).toBe(started);
  });
});

describe('other times', () => {
  const morning = { runs: 'm', zone: 'UTC', at: '05:00', by: '07:00', grace: 20 };
  const due = '2027-06-01T07:20:00.000Z';

  it('a run that is due in the morning ends on the same day', () => {
    const at = Date.parse('2027-06-01T06:00:00Z');
    const run = { name: 'm-2027-06-01', date: '2027-06-01', deadline: '2027-06-01T07:00:00.000Z', due };
    expect(scheduledRun(morning, 'watchdog', at, at)).toEqual(run);
    expect(checkTime(morning, 20)).toEqual({ time: '07:20', days: 0 });
    expect(checkedRun(morning, 20, Date.parse('2027-06-01T07:20:00Z'))).toBe(run.name);
  });

  it('a check after midnight is about the night before', () => {
    const late = { runs: 'late', zone: 'UTC', at: '20:00', by: '23:50' };
    expect(checkTime(late, 20)).toEqual({ time: '00:10', days: 1 });
    expect(checkedRun(late, 20, Date.parse('2027-06-02T00:10:00Z'))).toBe('late-2027-06-01');
    // A day long.
    expect(checkTime({ at: '23:50', by: '23:50' }, 20)).toEqual({ time: '00:10', days: 2 });
  });

  it('I10: a call after the deadline is about the same run, gives it no deadline in the past, and makes it no less late', () => {
    const at = Date.parse('2027-06-01T05:00:00Z');
    const after = Date.parse('2027-06-01T07:00:00Z');
    expect(scheduledRun(morning, 'due', at, after)).toEqual({ name: 'm-2027-06-01', date: '2027-06-01', due });
    expect(scheduledRun(morning, 'due', at, after - 1)).toHaveProperty('deadline');
  });
});
