import type { SubjectItem } from '#core/streams/subject-item.ts';
import { stateSchema } from '../../instruments/state.ts';
import type { SentToSubject } from './sent.ts';

/**
 * Whether a subject, of which nothing is lost, stands where the order of its bars does not lead: one that it remembers is not
 * the newest of all, stands before an older one, or has a revision that a newer one replaced.
 */
export function isOutOfOrder(
  { state = {} }: Pick<SubjectItem, 'state'>,
  { bars }: Pick<SentToSubject, 'bars'>,
): boolean {
  if (bars.size === 0) return false;
  const { recent = [], suspect } = stateSchema.parse(state);
  const newest = [...bars.keys()].reduce((most, each) => Math.max(most, each), 0);
  // A price that is too far off to believe stands beside the recent bars until the next one confirms it.
  const last = Math.max(recent.at(-1)?.s ?? 0, suspect?.at ?? 0);
  const isSorted = recent.every(({ s }, index) => index === 0 || (recent[index - 1]?.s ?? 0) < s);
  return last !== newest || !isSorted || recent.some(({ s, r }) => bars.get(s) !== r);
}
