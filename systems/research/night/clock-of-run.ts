import { z } from 'zod';
import type { PipelineEvent } from '#runtime/index.ts';
import { isSimulated } from './item.ts';

/** The run ends this long before the brief is due, and then the brief is made. */
export const BRIEF_MS = 20 * 60_000;
/** Seconds of the longest night. */
export const NIGHT_SECONDS = 9 * 3_600;
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

/** What a run was started with may be anything, if that is why it stopped. */
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional()
  .catch(undefined);
const inputSchema = z.object({ due: time, deadline: time }).catch({});

/**
 * When a brief is made and when it is due, by the clock of its night: that of a simulated web begins at 22:00 UTC of its
 * date, and passes as time does. Whoever started the run has said when the brief is due, by the same clock. If nobody has,
 * it is due a while after the run ends.
 */
export function timesOfRun(
  { run: { startedAt, deadline }, input }: Pick<PipelineEvent, 'run' | 'input'>,
  { night, space, now }: { readonly night: string; readonly space: string; readonly now: number },
): NightTimes {
  const began = startedAt ?? now;
  const given = inputSchema.parse(input);
  const ends = deadline ?? given.deadline ?? began + NIGHT_SECONDS * 1_000;
  const due = ends + BRIEF_MS;
  if (!isSimulated({ space })) return { briefAt: now, due: given.due ?? due };
  const shift = Date.parse(`${night}T${BEGINS}`) - began;
  // A run ends at a minute that was chosen some moments before it began.
  return { briefAt: now + shift, due: given.due ?? Math.round((due + shift) / MINUTE_MS) * MINUTE_MS };
}

const MINUTE_MS = 60_000;
