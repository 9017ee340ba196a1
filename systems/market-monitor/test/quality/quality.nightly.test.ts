import { expect, it, vi } from 'vitest';
import { judgedDay } from './judged-day.ts';

vi.setConfig({ testTimeout: 600_000 });

/** Days of the second set, whose texts and shapes nobody reads who writes rules and prompts. */
const DAYS = [1, 2, 3].map((seed) => ({ seed, events: 10_000, set: 'second' as const, day: '2026-11-17' }));

it('misses no urgent incident, tells of nothing twice, and of hardly anything that is none', async () => {
  const sum = { urgent: 0, missed: 0, false: 0, duplicates: 0 };
  for (const options of DAYS) {
    const day = await judgedDay(options);
    expect(day.urgent).toBeGreaterThan(5);
    for (const key of ['urgent', 'missed', 'false', 'duplicates'] as const) sum[key] += day[key];
  }
  expect(sum).toMatchObject({ missed: 0, duplicates: 0 });
  expect(sum.false / sum.urgent).toBeLessThanOrEqual(0.02);
});
