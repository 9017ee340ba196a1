import type { EventData } from '../events/events.ts';
import type { RecentBar, SubjectState } from './state.ts';

/** A price this far from the one before it is a wrong print more often than a move. */
const IMPLAUSIBLE = 0.5;
/** The next bar within this distance of a suspect price confirms it. */
const CONFIRMS = 0.2;

/**
 * Whether a bar's prices are believed. A price at least 50 % off the last one, and a bar with another ticker, is not: it is
 * a warning, and no move. It is believed at once after a halt of trading, since halts are for such news, and when the next
 * bar confirms it.
 */
export function isBelieved(
  state: SubjectState,
  { ticker }: EventData<'market.bar.v1'>,
  bar: RecentBar,
  date: string,
): boolean {
  const { suspect } = state;
  if (suspect !== undefined && bar.s > suspect.at && isConfirmed(suspect, ticker, bar)) return true;
  if (state.ticker !== undefined && state.ticker !== ticker) return false;
  const last = lastBefore(state, bar);
  const isSame = state.session?.date === date && last !== undefined;
  if (isSame && (state.halt !== undefined || (state.resumedAt ?? 0) >= last.s)) return true;
  const reference = isSame ? last.c : bar.p;
  if (isNear(reference, bar)) return true;
  return isSame && hasSplit(state, date, reference, bar);
}

/** A split explains the price, whether the bars or the news of it came first. */
const hasSplit = ({ pendingSplits = [] }: SubjectState, date: string, reference: number, bar: RecentBar): boolean =>
  pendingSplits.some(({ exDate, ratio }) => exDate <= date && isNear(reference / ratio, bar));

const isConfirmed = (suspect: { close: number; ticker: string }, ticker: string, { c }: RecentBar): boolean =>
  suspect.ticker === ticker && Math.abs(c / suspect.close - 1) <= CONFIRMS;

const isNear = (reference: number, { o, c }: RecentBar): boolean =>
  [o, c].every((price) => Math.abs(price / reference - 1) < IMPLAUSIBLE);

const lastBefore = ({ recent = [] }: SubjectState, bar: RecentBar): RecentBar | undefined =>
  recent.findLast(({ s }) => s < bar.s) ?? recent.find(({ s }) => s > bar.s);
