import type { Clock } from '#core/ports/clock.ts';

export interface ManualClock extends Clock {
  /** Sets the time of day, as an operator or NTP does: no time passes. */
  set(time: number): void;
  /** Lets time pass: fires what falls due, each at its own moment and in order, then stands `ms` later. */
  advance(ms: number): void;
  /** Calls `action` once, when `advance` reaches its moment; the returned function calls it off. */
  at(time: number, action: () => void): () => void;
  /** When the next action falls due; null when none is waiting. */
  next(): number | null;
}

interface Due {
  readonly time: number;
  /** Keeps what falls due at one moment in the order in which it was asked for. */
  readonly order: number;
  readonly action: () => void;
}

/** A clock that stands still until it is told to move on. @param start milliseconds since the epoch */
export function manualClock(start = Date.UTC(2026, 10, 23)): ManualClock {
  let now = start;
  let setBy = 0;
  let order = 0;
  const waiting = new Set<Due>();
  const earliest = (): Due | undefined => [...waiting].sort((a, b) => a.time - b.time || a.order - b.order)[0];
  const at = (time: number, action: () => void): (() => void) => {
    const due: Due = { time, order: (order += 1), action };
    waiting.add(due);
    return () => waiting.delete(due);
  };
  return {
    now: () => now + setBy,
    elapsed: () => now - start,
    set(time) {
      setBy = time - now;
    },
    at,
    next: () => earliest()?.time ?? null,
    every(intervalMs, action) {
      let stop = (): void => undefined;
      const arm = (): void => {
        stop = at(now + intervalMs, () => {
          arm();
          action();
        });
      };
      arm();
      return () => stop();
    },
    advance(ms) {
      const until = now + ms;
      for (let due = earliest(); due && due.time <= until; due = earliest()) {
        waiting.delete(due);
        now = Math.max(now, due.time);
        due.action();
      }
      now = until;
    },
  };
}
