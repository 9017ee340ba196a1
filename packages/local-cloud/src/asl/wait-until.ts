import type { Frame } from './frame.ts';

/** Resolves at an instant (milliseconds since 1970). Fails with `Aborted` when the frame is cancelled. */
export function waitUntil(instant: number, frame: Frame): Promise<void> {
  return frame.cancellation.wait<void>((resolve) => frame.execution.host.timers.at(instant, () => resolve()));
}
