import type { PipelineEvent } from '#runtime/index.ts';
import { isSimulated } from './item.ts';

/** The run ends this long before the brief is due, and then the brief is made. */
export const BRIEF_MS = 20 * 60_000;
/** When a night of a simulated web begins, by its own clock. */
const BEGINS = '22:00:00Z';

/** The local time at which a run ends whose brief is due at `time`, such as `07:00`. */
export function earlier(time: string): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const at = (hours * 60 + minutes - BRIEF_MS / 60_000 + 1_440) % 1_440;
  return [Math.floor(at / 60), at % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

export interface NightTimes {
  /** Milliseconds since the epoch. */
  readonly briefAt: number;
  readonly due: number;
}

/**
 * When a brief is made and when it is due, by the clock of its night: that of a simulated web begins at 22:00 UTC of its
 * date, and passes as time does.
 */
export function timesOfRun(
  { startedAt, deadline }: PipelineEvent['run'],
  { night, space, now }: { readonly night: string; readonly space: string; readonly now: number },
): NightTimes {
  const began = startedAt ?? now;
  const due = (deadline ?? now) + BRIEF_MS;
  if (!isSimulated({ space })) return { briefAt: now, due };
  const shift = Date.parse(`${night}T${BEGINS}`) - began;
  // Whoever started the run has chosen a minute, some moments before it began.
  return { briefAt: now + shift, due: Math.round((due + shift) / MINUTE_MS) * MINUTE_MS };
}

const MINUTE_MS = 60_000;
