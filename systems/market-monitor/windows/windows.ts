import type { Signal } from './signal.ts';
import type { Window, WindowRef } from './window.ts';

/** Where windows are kept. */
export interface Windows {
  /** Adds signals of one subject, each once. Returns the window of each, also if it was added before (W1). */
  add(agent: string, signals: readonly [Signal, ...Signal[]], now: number): Promise<readonly WindowRef[]>;
  /**
   * Closes a window and returns it, with whether the newest one of the same subject and agent tells all of its alerts too. Null
   * if there is none.
   */
  close(ref: WindowRef): Promise<{ readonly window: Window; readonly isOvertaken: boolean } | null>;
}
