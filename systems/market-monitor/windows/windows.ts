import type { Signal } from './signal.ts';
import type { Window, WindowRef } from './window.ts';

/** Where windows are kept. */
export interface Windows {
  /** Adds a signal, once. Returns its window, also if it was added before (W1). */
  add(agent: string, signal: Signal, now: number): Promise<WindowRef>;
  /** Closes a window and returns it, with whether a newer one of the same subject and agent exists. Null if there is none. */
  close(ref: WindowRef): Promise<{ readonly window: Window; readonly isOvertaken: boolean } | null>;
}
