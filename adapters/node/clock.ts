import type { Clock } from '#core/ports/clock.ts';

/** The system clock. Its timers do not keep the process alive. */
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
