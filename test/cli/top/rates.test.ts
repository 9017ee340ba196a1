import { describe, expect, it } from 'vitest';
import type { PoolView } from '#core/api/pools/messages.ts';
import { kept, topOf } from '#cli/top/rates.ts';
import type { Sample } from '#cli/top/sample.ts';
import { topLines } from '#cli/top/view.ts';

const pool = (change: Partial<PoolView> = {}): PoolView => ({
  agent: 'adder',
  status: 'active',
  waiting: { high: 1, default: 4, deadLetters: 0 },
  tasks: { running: 2, queued: 5, parked: { throttled: 3, paused: 12 }, complete: true },
  ...change,
});

/** A sample after so many seconds. */
const sample = (seconds: number, ended: number, usd: number, failed = 0, pools = [pool()]): Sample => ({
  at: 1_000_000 + seconds * 1_000,
  pools,
  held: [],
  used: new Map([['adder', { ended, failed, usd }]]),
  todayUsd: usd,
});

describe('fleet top', () => {
  it('shows rates over the last minute, of what was used between two samples', () => {
    const top = topOf([sample(0, 100, 1), sample(2, 104, 1.01, 1)]);
    expect(top.pools[0]).toMatchObject({ depth: 5, endedPerMinute: 120, failedPerMinute: 30 });
    expect(top.pools[0]?.usdPerHour).toBeCloseTo(18);
    expect(top).toMatchObject({
      windowS: 2,
      sum: { running: 2, todayUsd: 1.01, waiting: { paused: 12, throttled: 3 } },
    });
  });

  it('has no rates from one sample', () => {
    expect(topOf([sample(0, 100, 1)]).pools[0]).toMatchObject({ endedPerMinute: null, usdPerHour: null });
  });

  it('keeps the samples of a minute, and one before', () => {
    const samples = [0, 30, 62, 90, 121, 130].map((at) => sample(at, at, 0));
    expect(kept(samples, samples.at(-1)?.at ?? 0).map(({ at }) => (at - 1_000_000) / 1_000)).toEqual([
      62, 90, 121, 130,
    ]);
  });

  it('counts from zero for an agent that had no usage', () => {
    const first = { ...sample(0, 0, 0), used: new Map() };
    expect(topOf([first, sample(60, 3, 0)]).pools[0]).toMatchObject({ endedPerMinute: 3 });
  });

  it('is a table that says why tasks wait, and fits the terminal', () => {
    const paused = pool({ status: 'paused', reason: 'The model\u001B[2J answers nonsense.' });
    const lines = topLines(topOf([sample(0, 0, 0), sample(60, 90, 0.5, 2, [paused])]), 100);
    expect(lines[0]).toContain('2 running · 5 queued · 90 ended/min · 2.0 failed/min · $30.00/h · $0.5000 today');
    expect(lines[1]).toContain('rates over 60 s');
    expect(lines.at(-1)).toMatch(/^adder +paused +5 +2 +5 +90 +2.0 +\$30.00 +The model/);
    expect(lines.join('')).not.toContain('\u001B');
    expect(Math.max(...lines.slice(3).map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(topLines(topOf([sample(0, 0, 0)])).at(-1)).toContain('12 its paused pool, 3 the model’s rate limit');
  });
});
