import type { WorkMessage } from '#core/tasks/work-message.ts';

const FIRST_MS = 4_000;
const MAX_MS = 60_000;
/** In six minutes: a takeover takes one, and whoever takes over sends messages of its own. */
const RECEIVES = 10;
/** As long as a queue delivers it, which is a hundred times, such a message waits for more than seven hours. */
const MAX_AWAITED_MS = 300_000;

/**
 * How long a message waits, in milliseconds, whose task belongs to a home that this region does not hold: twice as long each
 * time, since the home may only be unknown for a moment. Null once the message is to be deleted. A message that a state
 * machine waits for is the only one of its task, so it waits until its region holds its home again.
 * @param receives how often the message was received, this time included
 */
export function waitForHomeMs({ type }: Pick<WorkMessage, 'type'>, receives: number): number | null {
  const ms = FIRST_MS * 2 ** (receives - 1);
  if (type !== 'task') return Math.min(MAX_AWAITED_MS, ms);
  return receives >= RECEIVES ? null : Math.min(MAX_MS, ms);
}
