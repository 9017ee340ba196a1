import { describe, expect, it } from 'vitest';
import { arrivals } from '#cli/load/arrivals.ts';
import { percentiles, Tally } from '#cli/load/tally.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';

const options = { agent: 'assistant', duration: 60_000, patience: 1_000, priority: 'default', seed: 1 } as const;

describe('arrivals', () => {
  it('come evenly, or at random at the rate asked for, the same by the same seed', () => {
    expect(arrivals({ ...options, rate: 2, duration: 2_000, arrivals: 'even' })).toEqual([0, 500, 1_000, 1_500]);
    const random = arrivals({ ...options, rate: 50, arrivals: 'poisson' });
    expect(random).toEqual(arrivals({ ...options, rate: 50, arrivals: 'poisson' }));
    // 3,000 are expected, 55 the standard deviation: five of them on either side.
    expect(random.length).toBeGreaterThan(2_725);
    expect(random.length).toBeLessThan(3_275);
    expect(random).toEqual(random.toSorted((a, b) => a - b));
    expect(random.at(-1)).toBeLessThan(60_000);
  });
});

describe('percentiles', () => {
  it('are by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
    expect(percentiles([])).toEqual({ p50: null, p95: null, p99: null });
  });
});

const listed = (id: string, metadata: Record<string, string>, status = 'succeeded') =>
  taskPageSchema.shape.tasks.element.parse({
    id,
    metadata,
    status,
    agent: 'assistant',
    agentVersion: '1',
    priority: 'default',
    createdAt: '2026-11-25T00:00:00.000Z',
    deadline: '2026-11-25T01:00:00.000Z',
    ...(status === 'succeeded' && { finishedAt: '2026-11-25T00:00:02.000Z' }),
    steps: 1,
    attempts: 0,
    crashes: 0,
    budget: { tokens: 10, usd: 1 },
    spent: { tokens: 1, usd: 0.25, savedUsd: 0 },
    usage: { input: 1, output: 0, cacheRead: 0, cacheWrite: 0 },
    links: { self: '', steps: '', cancel: '' },
  });

describe('the tally of a load test', () => {
  it('counts as lost what was accepted and has not ended, and nothing of others', () => {
    const tally = new Tally('load-1');
    tally.accepted('0', 'a', 10);
    tally.accepted('1', 'b', 30);
    tally.seen(listed('a', { load: 'load-1', nth: '0' }));
    tally.seen(listed('b', { load: 'load-1', nth: '1' }, 'running'));
    tally.seen(listed('c', { load: 'load-2', nth: '0' }));
    expect(tally.report()).toMatchObject({ accepted: 2, ended: { succeeded: 1 }, lost: 1, duplicated: 0, usd: 0.25 });
    expect(tally.report().toEnd.p50).toBe(2_000);
  });

  it('counts a submission that became two tasks as duplicated', () => {
    const tally = new Tally('load-1');
    tally.accepted('0', 'a', 10);
    tally.seen(listed('a', { load: 'load-1', nth: '0' }));
    tally.seen(listed('b', { load: 'load-1', nth: '0' }));
    expect(tally.report()).toMatchObject({ lost: 0, duplicated: 1 });
  });
});
