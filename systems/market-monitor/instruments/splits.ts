import type { EventData } from '../events/events.ts';
import { sessionDate, type Place } from './session.ts';
import type { RecentBar, SubjectState } from './state.ts';

const KEPT_SPLITS = 4;
/** Copies of one split: the second changes nothing. */
const isSame = (one: { exDate: string; ratio: number }, other: { exDate: string; ratio: number }): boolean =>
  one.exDate === other.exDate && one.ratio === other.ratio;

/** Remembers a corporate action: a split until its first bar, a new ticker at once. */
export function withCorporateAction(
  state: SubjectState,
  { action, exDate, ratio, newTicker }: EventData<'market.corporate-action.v1'>,
): SubjectState {
  if (action === 'ticker-change' && newTicker !== undefined) return { ...state, ticker: newTicker };
  if (action !== 'split' || ratio === undefined) return state;
  const split = { exDate, ratio };
  const { splits = [], pendingSplits = [] } = state;
  if ([...splits, ...pendingSplits].some((each) => isSame(each, split))) return state;
  return { ...state, pendingSplits: [...pendingSplits, split].slice(-KEPT_SPLITS) };
}

/**
 * Applies the splits that are due at a bar. Bars give the previous close adjusted for splits, so only bars of the same
 * session and the usual volume are rescaled. If the bars before were already adjusted, as they are when the news of a split
 * comes late, nothing is.
 */
export function afterSplits(state: SubjectState, bar: RecentBar, place: Place): SubjectState {
  const date = sessionDate(bar.s);
  const due = (state.pendingSplits ?? []).filter(({ exDate }) => exDate <= date);
  return due.reduce((before, split) => afterSplit(before, split, bar, place), state);
}

function afterSplit(
  state: SubjectState,
  split: { exDate: string; ratio: number },
  bar: RecentBar,
  place: Place,
): SubjectState {
  const { usual, recent = [] } = state;
  const pendingSplits = (state.pendingSplits ?? []).filter((each) => !isSame(each, split));
  const splits = [...(state.splits ?? []), split].slice(-KEPT_SPLITS);
  const next = { ...state, pendingSplits, splits };
  const last = recent.at(-1);
  const isAdjusted = place === 'same' && last !== undefined && !isNearer(last.c / split.ratio, last.c, bar.o);
  if (isAdjusted) return next;
  return {
    ...next,
    recent: recent.map((each) => rescaled(each, split.ratio)),
    ...(usual !== undefined && { usual: { ...usual, volume: usual.volume + Math.log(split.ratio) } }),
  };
}

/** Whether a price is nearer to one reference than to the other, by ratio. */
const isNearer = (one: number, other: number, price: number): boolean =>
  Math.abs(Math.log(price / one)) < Math.abs(Math.log(price / other));

const rescaled = (bar: RecentBar, ratio: number): RecentBar => ({
  ...bar,
  o: bar.o / ratio,
  c: bar.c / ratio,
  p: bar.p / ratio,
  v: bar.v * ratio,
});
