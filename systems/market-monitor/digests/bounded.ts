import { utf8Length } from '#core/text/utf8-length.ts';
import type { Digest } from './digest.ts';

type Lists = Pick<Digest, 'happened' | 'late' | 'done' | 'open' | 'held'>;

/** Of JSON, for all lists. An item of DynamoDB takes 400 KB, and holds the names of up to 10,000 findings beside it. */
export const MAX_LIST_BYTES = 280_000;
/** What each list may take of it, the most useful first. What one does not need is for those after it. */
const SHARES = { held: 0.1, open: 0.25, happened: 0.4, done: 0.15, late: 0.1 } as const;

/**
 * The lists as far as they fit, from their beginning, and how many entries of each are left out.
 * @param maxBytes of JSON, for all of them
 */
export function bounded(
  lists: Lists,
  maxBytes: number,
): { readonly kept: Lists; readonly leftOut: Record<keyof Lists, number> } {
  let spare = 0;
  const fit = <Entry>(name: keyof Lists, entries: readonly Entry[]): Entry[] => {
    let left = SHARES[name] * maxBytes + spare;
    const kept: Entry[] = [];
    for (const entry of entries) {
      left -= utf8Length(JSON.stringify(entry)) + 1;
      if (left < 0) break;
      kept.push(entry);
    }
    spare = kept.length === entries.length ? left : 0;
    return kept;
  };
  const held = fit('held', lists.held);
  const open = fit('open', lists.open);
  const happened = fit('happened', lists.happened);
  const done = fit('done', lists.done);
  const late = fit('late', lists.late);
  const kept = { happened, late, done, open, held };
  const without = (name: keyof Lists): number => lists[name].length - kept[name].length;
  const leftOut = {
    happened: without('happened'),
    late: without('late'),
    done: without('done'),
    open: without('open'),
    held: without('held'),
  };
  return { kept, leftOut };
}
