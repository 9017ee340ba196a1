import { describe, expect, it } from 'vitest';
import { instantOf, localTime, nextInstantOf, nextSkipOf } from '#core/parse/local-time.ts';

const FROM = Date.parse('2027-01-01T00:00:00Z');

describe('times that a zone skips', () => {
  it.each([
    ['Europe/Berlin', '02:30', { date: '2027-03-28', from: '02:00', until: '03:00' }],
    ['Europe/Berlin', '02:00', { date: '2027-03-28', from: '02:00', until: '03:00' }],
    ['America/New_York', '02:59', { date: '2027-03-14', from: '02:00', until: '03:00' }],
    // Clocks change late in the evening there.
    ['America/Nuuk', '23:30', { date: '2027-03-27', from: '23:00', until: '00:00' }],
    ['Pacific/Easter', '22:15', { date: '2027-09-04', from: '22:00', until: '23:00' }],
    // Half an hour, two hours, midnight.
    ['Australia/Lord_Howe', '02:29', { date: '2027-10-03', from: '02:00', until: '02:30' }],
    ['Antarctica/Troll', '02:45', { date: '2027-03-28', from: '01:00', until: '03:00' }],
    ['Africa/Cairo', '00:00', { date: '2027-04-30', from: '00:00', until: '01:00' }],
  ])('%s skips %s', (zone, time, skip) => {
    expect(nextSkipOf(time, zone, FROM)).toEqual(skip);
  });

  it.each([
    ['Europe/Berlin', ['01:59', '03:00', '22:00', '00:00']],
    ['America/Nuuk', ['22:59', '00:00', '02:30', '04:30']],
    ['Pacific/Easter', ['21:59', '23:00', '02:30']],
    ['Australia/Lord_Howe', ['01:59', '02:30']],
    ['Antarctica/Troll', ['00:59', '03:00']],
    ['Asia/Tokyo', ['02:30', '00:00', '23:59']],
    ['UTC', ['02:30']],
  ])('%s never skips %j', (zone, times) => {
    expect(times.filter((time) => nextSkipOf(time, zone, FROM) !== undefined)).toEqual([]);
  });

  it('finds the change of the running week', () => {
    const before = Date.parse('2027-03-28T00:59:00Z');
    expect(nextSkipOf('02:30', 'Europe/Berlin', before)?.date).toBe('2027-03-28');
    expect(nextSkipOf('02:30', 'Europe/Berlin', before + 60_000)?.date).toBe('2028-03-26');
  });

  it('throws for a zone that does not exist', () => {
    expect(() => nextSkipOf('02:30', 'Mars/Olympus', FROM)).toThrow(RangeError);
  });
});

describe('the instant of a local time', () => {
  it.each([
    ['a usual one', '2027-06-01', '07:00', '2027-06-01T05:00:00.000Z'],
    ['the first of two', '2027-10-31', '02:30', '2027-10-31T00:30:00.000Z'],
    ['the change, for one that is skipped', '2027-03-28', '02:30', '2027-03-28T01:00:00.000Z'],
  ])('%s', (_, date, time, expected) => {
    expect(new Date(instantOf({ date, time }, 'Europe/Berlin')).toISOString()).toBe(expected);
  });

  it.each([
    ['later today', '2027-06-01T03:00:00Z', '2027-06-01T05:00:00.000Z'],
    ['tomorrow', '2027-06-01T05:00:00Z', '2027-06-02T05:00:00.000Z'],
    ['over the night that is an hour shorter', '2027-03-27T21:00:00Z', '2027-03-28T05:00:00.000Z'],
    ['over the night that is an hour longer', '2027-10-30T20:00:00Z', '2027-10-31T06:00:00.000Z'],
  ])('the next 07:00 is %s', (_, now, expected) => {
    expect(new Date(nextInstantOf('07:00', 'Europe/Berlin', Date.parse(now))).toISOString()).toBe(expected);
  });

  it('the clock shows midnight as 00:00', () => {
    expect(localTime(Date.parse('2027-06-01T22:00:00Z'), 'Europe/Berlin')).toEqual({
      date: '2027-06-02',
      time: '00:00',
    });
  });
});
