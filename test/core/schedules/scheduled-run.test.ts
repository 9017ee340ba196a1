import { describe, expect, it } from 'vitest';
import { timing } from '@agent-fleet/local-cloud/timing';
import { changesClocks, instantOf, localTime } from '#core/parse/local-time.ts';
import { scheduledRun, type DailySchedule } from '#core/schedules/scheduled-run.ts';

const nightly = (zone: string): DailySchedule => ({ name: 'nightly', zone, at: '22:00', by: '06:45' });

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

describe.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'])('a nightly run in %s', (zone) => {
  const due = firings('cron(0 22 * * ? *)', zone).map((at) => scheduledRun(nightly(zone), 'due', at));
  const watched = firings('cron(30 4 * * ? *)', zone).map((at) => scheduledRun(nightly(zone), 'watchdog', at));

  it('has one name for each night of the year, also when the clocks change', () => {
    expect(new Set(due.map(({ name }) => name)).size).toBe(365);
    expect(due[0]?.name).toBe('nightly-2027-01-01');
    expect(due.at(-1)?.name).toBe('nightly-2027-12-31');
  });

  it('is what the watchdog of the next morning starts, if it is missing', () => {
    expect(watched).toEqual(due);
  });

  it('ends at the local time', () => {
    for (const { date, deadline = '' } of due) {
      const shown = localTime(Date.parse(deadline), zone);
      expect(shown.time).toBe('06:45');
      expect(shown.date > date).toBe(true);
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
    expect(scheduledRun(nightly(zone), 'due', at)).toEqual({ name: `nightly-${date}`, date, deadline });
  });

  it('Scheduler skips a time that does not exist and fires once at one that comes twice', () => {
    const dates = firings('cron(30 2 * * ? *)', 'Europe/Berlin').map((at) => localTime(at, 'Europe/Berlin').date);
    expect(dates).not.toContain('2027-03-28');
    expect(dates.filter((date) => date === '2027-10-31')).toHaveLength(1);
    expect(dates).toHaveLength(364);
  });
});

describe('other calls', () => {
  it('a run by hand has a name of its own', () => {
    const at = Date.parse('2027-06-01T13:05:00Z');
    expect(scheduledRun(nightly('Europe/Berlin'), 'due', at)).toEqual({
      name: 'nightly-2027-06-01-1505',
      date: '2027-06-01',
      deadline: '2027-06-02T04:45:00.000Z',
    });
  });

  it('a run that is due in the morning ends on the same day', () => {
    const morning = { name: 'm', zone: 'UTC', at: '05:00', by: '07:00' };
    expect(scheduledRun(morning, 'watchdog', Date.parse('2027-06-01T06:00:00Z'))).toEqual({
      name: 'm-2027-06-01',
      date: '2027-06-01',
      deadline: '2027-06-01T07:00:00.000Z',
    });
  });

  it('finds zones whose clocks change', () => {
    const from = Date.parse('2027-01-01T00:00:00Z');
    expect(['Europe/Berlin', 'America/New_York', 'UTC', 'Asia/Tokyo'].map((zone) => changesClocks(zone, from))).toEqual(
      [true, true, false, false],
    );
    expect(() => changesClocks('Mars/Olympus', from)).toThrow(RangeError);
  });
});
