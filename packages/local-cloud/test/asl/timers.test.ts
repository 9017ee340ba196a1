import { describe, expect, it } from 'vitest';
import { Timers } from '../../src/asl/timers.ts';
import { ManualClock } from './manual-clock.ts';

describe('timers', () => {
  it('fire in the order of their instants, using one timer of the clock', async () => {
    const clock = new ManualClock();
    const timers = new Timers(clock);
    const fired: number[] = [];
    const start = clock.now();
    const delays = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1000);
    for (const delay of delays) timers.at(start + delay * 1000, () => fired.push(delay));
    expect(clock.armed).toBe(1);
    await clock.advance(1000);
    expect(fired).toEqual(delays.toSorted((a, b) => a - b));
    expect(clock.armed).toBe(0);
  });

  it('do not fire once cancelled', async () => {
    const clock = new ManualClock();
    const timers = new Timers(clock);
    const fired: number[] = [];
    const undo = Array.from({ length: 100 }, (_, index) =>
      timers.at(clock.now() + index * 10, () => fired.push(index)),
    );
    for (const [index, take] of undo.entries()) if (index % 10 !== 0) take();
    await clock.advance(10);
    for (const take of undo) take();
    expect(clock.armed).toBe(0);
    expect(fired).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  });

  it('wait longer than the longest delay of the clock', async () => {
    const clock = new ManualClock();
    let isFired = false;
    new Timers(clock).at(clock.now() + 5_000_000_000, () => (isFired = true));
    await clock.advance(4_999_999);
    expect(isFired).toBe(false);
    await clock.advance(1);
    expect(isFired).toBe(true);
  });
});
