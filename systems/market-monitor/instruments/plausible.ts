import type { EventData } from '../events/events.ts';
import { sessionDate, type Place } from './session.ts';
import type { RecentBar, SubjectState } from './state.ts';

/** A price this far from the one before it is a wrong print more often than a move. */
const IMPLAUSIBLE = 0.5;
/** The next bar within this distance of a suspect price confirms it. */
const CONFIRMS = 0.2;
/** A bar with another ticker is believed within this distance: then only its name is wrong or new. */
const SAME_INSTRUMENT = 0.05;

/**
 * Whether a bar's prices are believed. A price at least 50 % off the last one is not, nor is one 5 % off that has another
 * ticker: it is a warning, and no move. It is believed at once after a halt of trading, since halts are for such news, and
 * when the next bar confirms it.
 */
export function isBelieved(
  state: SubjectState,
  { ticker }: EventData<'market.bar.v1'>,
  bar: RecentBar,
  place: Place,
): boolean {
  const { suspect } = state;
  if (suspect !== undefined && bar.s > suspect.at && isConfirmed(suspect, ticker, bar)) return true;
  const last = lastBefore(state, bar);
  if (state.ticker !== undefined && state.ticker !== ticker) return isNear(last?.c ?? bar.p, bar, SAME_INSTRUMENT);
  const isSame = place === 'same' && last !== undefined;
  if (isSame && (state.halt !== undefined || (state.resumedAt ?? 0) >= last.s)) return true;
  const reference = isSame ? last.c : bar.p;
  return isNear(reference, bar, IMPLAUSIBLE) || (isSame && hasSplit(state, reference, bar));
}

/** A split explains the price, whether the bars or the news of it came first. */
const hasSplit = ({ pendingSplits = [] }: SubjectState, reference: number, bar: RecentBar): boolean =>
  pendingSplits.some(
    ({ exDate, ratio }) => exDate <= sessionDate(bar.s) && isNear(reference / ratio, bar, IMPLAUSIBLE),
  );

const isConfirmed = (suspect: { close: number; ticker: string }, ticker: string, { c }: RecentBar): boolean =>
  suspect.ticker === ticker && Math.abs(c / suspect.close - 1) <= CONFIRMS;

const isNear = (reference: number, { o, c }: RecentBar, within: number): boolean =>
  [o, c].every((price) => Math.abs(price / reference - 1) < within);

const lastBefore = ({ recent = [] }: SubjectState, bar: RecentBar): RecentBar | undefined =>
  recent.findLast(({ s }) => s < bar.s) ?? recent.find(({ s }) => s > bar.s);
