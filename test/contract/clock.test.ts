import { describe, expect, it } from 'vitest';
import { systemClock } from '#adapters/node/clock.ts';
import { manualClock } from '../support/fakes/manual-clock.ts';

describe('manual clock', () => {
  it('stands still until it is advanced', () => {
    const clock = manualClock(1_000);
    expect(clock.now()).toBe(1_000);
    clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  it('can be set without time passing', () => {
    const clock = manualClock(1_000);
    const before = clock.elapsed();
    clock.set(0);
    clock.advance(250);
    expect(clock.now()).toBe(250);
    expect(clock.elapsed() - before).toBe(250);
  });

  it('fires each interval at its time, in order, until it is stopped', () => {
    const clock = manualClock(0);
    const fired: string[] = [];
    const stop = clock.every(100, () => fired.push(`a${clock.now()}`));
    clock.every(150, () => fired.push(`b${clock.now()}`));
    clock.advance(300);
    expect(fired).toEqual(['a100', 'b150', 'a200', 'b300', 'a300']);
    stop();
    clock.advance(150);
    expect(fired.slice(5)).toEqual(['b450']);
  });

  it('lets an action stop itself and others', () => {
    const clock = manualClock(0);
    let fired = 0;
    const stop = clock.every(10, () => {
      fired += 1;
      stop();
    });
    clock.advance(100);
    expect(fired).toBe(1);
    expect(clock.next()).toBeNull();
  });

  it('fires a timeout once, unless it is cancelled', () => {
    const clock = manualClock(0);
    const fired: number[] = [];
    clock.at(30, () => fired.push(clock.now()));
    const callOff = clock.at(40, () => fired.push(clock.now()));
    expect(clock.next()).toBe(30);
    callOff();
    clock.advance(100);
    expect(fired).toEqual([30]);
  });
});

describe('system clock', () => {
  it('returns the time, and repeats until it is stopped', async () => {
    const clock = systemClock();
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
    const begun = clock.elapsed();
    let fired = 0;
    await new Promise<void>((resolve) => {
      const stop = clock.every(1, () => {
        fired += 1;
        if (fired < 3) return;
        stop();
        resolve();
      });
    });
    expect(fired).toBe(3);
    expect(clock.elapsed()).toBeGreaterThan(begun);
  });
});
