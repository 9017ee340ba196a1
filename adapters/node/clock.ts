import type { Clock } from '#core/ports/clock.ts';

/** The machine's own clock. Its timers keep no process alive by themselves. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    elapsed: () => performance.now(),
    every(intervalMs, action) {
      const timer = setInterval(action, intervalMs).unref();
      return () => clearInterval(timer);
    },
  };
}
