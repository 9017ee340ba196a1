import { describe, expect, it } from 'vitest';
import { age, count, dollars, duration } from '#console/src/parts/format.ts';
import { ofTenant } from '#console/src/views/overview/of-tenant.ts';
import { atDaysEnd, chargedUsd, dayOf } from '#console/src/views/overview/projection.ts';
import { countsOf } from '#console/src/views/overview/series.ts';
import { recentSessions } from '#console/src/views/sessions/recent-sessions.ts';
import type { StepView } from '#client/types.ts';
import { addedSince } from '#console/src/views/task/added.ts';
import { partsOf } from '#console/src/views/task/parts-of-step.ts';
import { seriesOf } from '#console/src/views/usage/series.ts';

const NOON = Date.UTC(2026, 10, 30, 12);

describe('figures', () => {
  it('of one tenant name it beside those of all', () => {
    expect(ofTenant('Cost today (UTC)', 'acme')).toBe('Cost today (UTC), tenant acme');
    expect(ofTenant('Cost today (UTC)', undefined)).toBe('Cost today (UTC)');
  });

  it.each([
    [0, '$0'],
    [12.3, '$12.30'],
    [0.0421, '$0.042'],
    [0.00042, '$0.00042'],
    [0.0000014, '$0.0000014'],
    [-1.5, '-$1.50'],
    [12_345, '$12,345.00'],
  ])('%s US dollars are %s', (usd, text) => {
    expect(dollars(usd)).toBe(text);
  });

  it.each([
    [340, '340 ms'],
    [4_200, '4.2 s'],
    [59_000, '59 s'],
    [180_000, '3 min'],
    [3 * 3_600_000, '3 h'],
    [-5, '0 ms'],
  ])('%s ms are %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('tell how long ago something was, or when it will be', () => {
    expect(age(NOON - 180_000, NOON)).toBe('3 min ago');
    expect(age(NOON + 40_000, NOON)).toBe('in 40 s');
    expect(age(NOON, NOON)).toBe('now');
    expect([count(1, 'task'), count(1_200, 'task')]).toEqual(['1 task', '1,200 tasks']);
  });
});

describe('the cost at the end of the day', () => {
  it('goes on as the day has gone so far', () => {
    expect(atDaysEnd(6, NOON)).toBeCloseTo(12);
    expect(dayOf(NOON)).toBe('2026-11-30');
  });

  it('counts calls that broke off, which may have been billed', () => {
    expect(chargedUsd({ usd: 1, lostUsd: 0.5 })).toBe(1.5);
  });

  it('goes on as the recent past did', () => {
    expect(atDaysEnd(6, NOON, { usd: 1, ms: 3_600_000 })).toBeCloseTo(18);
    expect(atDaysEnd(6, Date.UTC(2026, 10, 30))).toBe(6);
  });
});

it('usage is one series for each agent, the dearest first', () => {
  const rows = [
    { day: '2026-11-29', agent: 'a', usd: 1 },
    { day: '2026-11-30', agent: 'b', usd: 3 },
    { day: '2026-11-30', agent: 'a', usd: 1 },
  ];
  expect(seriesOf(rows)).toEqual({
    days: ['2026-11-29', '2026-11-30'],
    series: [
      { agent: 'b', usd: [0, 3] },
      { agent: 'a', usd: [1, 1] },
    ],
  });
});

it('sessions are found by their newest tasks', () => {
  const task = { agent: 'assistant', status: 'queued', createdAt: '2026-11-30T12:00:00Z' };
  const sessions = recentSessions([
    { ...task, sessionId: 'ada' },
    { ...task, sessionId: 'bob', createdAt: '2026-11-30T13:00:00Z' },
    { ...task, sessionId: 'ada', status: 'succeeded' },
    task,
  ]);
  expect(sessions.map(({ id, tasks, open }) => [id, tasks, open])).toEqual([
    ['bob', 1, 1],
    ['ada', 2, 1],
  ]);
});

it('the parts of a step are known, or shown as they are', () => {
  expect(partsOf('<b>hello</b>')).toEqual([{ type: 'text', text: '<b>hello</b>' }]);
  expect(
    partsOf([
      { type: 'text', text: 'a' },
      { type: 'later', x: 1 },
    ]),
  ).toEqual([
    { type: 'text', text: 'a' },
    { type: 'unknown', value: { type: 'later', x: 1 } },
  ]);
});

it('a prompt has the answer before it and the results of its tools', () => {
  const step = (index: number, kind: 'model' | 'tool') => ({ index, kind }) as StepView;
  const steps = [step(0, 'model'), step(1, 'tool'), step(2, 'tool'), step(3, 'model')];
  expect(addedSince(steps, 0)).toEqual([]);
  expect(addedSince(steps, 3)?.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(addedSince(steps, 1)).toBeNull();
});

it('counts of two series have the same times, with 0 where nothing was counted', () => {
  const minute = 60_000;
  const series = [
    { name: 'ok', points: [[0, 5] as const, [2 * minute, 3] as const] },
    { name: 'failed', points: [[3 * minute, 7] as const] },
  ];
  const counts = countsOf({ series, step: 60 }, ['ok', 'failed']);
  expect(counts.map((points) => points.map(({ x, y }) => [x.getTime() / minute, y]))).toEqual([
    [
      [0, 5],
      [1, 0],
      [2, 3],
      [3, 0],
    ],
    [
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 7],
    ],
  ]);
  expect(countsOf({ series: series.slice(1), step: 60 }, ['ok', 'failed'])[1]?.map(({ y }) => y)).toEqual([0, 7]);
  expect(countsOf({ series: [], step: 60 }, ['ok', 'failed'])).toEqual([[], []]);
});
