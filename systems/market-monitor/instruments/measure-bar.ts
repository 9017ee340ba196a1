import type { EventData } from '../events/events.ts';
import { Measures, percent } from './measures.ts';
import { measureUsual } from './measure-usual.ts';
import { isBelieved } from './plausible.ts';
import { fastMove, further, learn, parted, peaksOf, settledPeaks, withBar } from './recent.ts';
import { placeOf, sessionDate, type Place } from './session.ts';
import { afterSplits } from './splits.ts';
import { NO_PEAKS, type Peaks, type RecentBar, type SubjectState } from './state.ts';

export type Bar = EventData<'market.bar.v1'>;

/** The figures and the next state. Null figures: the event says nothing new. */
export interface Measured {
  readonly state: SubjectState;
  readonly measures: Measures | null;
}

/**
 * Measures a bar.
 *
 * - A bar replaces one with the same start and a lower revision, and moves nothing else.
 * - A bar of an earlier session, and one with a known revision, changes and says nothing.
 * - A bar that comes late within its session is measured in its place. The state never moves back.
 * - A price that is not believed changes nothing but `suspect`.
 */
export function measureBar(before: SubjectState, data: Bar): Measured {
  const bar = recentBar(data);
  const place = placeOf(before, bar);
  if (place === 'earlier') return { state: before, measures: null };
  const known = before.recent?.find(({ s }) => s === bar.s);
  if (known !== undefined && known.r >= bar.r) return { state: before, measures: null };
  if (!isBelieved(before, data, bar, place)) return suspected(before, data, bar);
  const state = inSession(afterSplits(before, bar, place), data, bar, place);
  return placed(before, state, bar, data, { place, correction: known !== undefined });
}

const recentBar = ({ start, seconds, revision, open, close, volume, previousClose }: Bar): RecentBar => ({
  s: Date.parse(start),
  d: seconds,
  r: revision,
  o: open,
  c: close,
  v: volume,
  p: previousClose,
});

function suspected(before: SubjectState, data: Bar, { s, c }: RecentBar): Measured {
  const measures = new Measures();
  Object.assign(measures, { suspect: true, close: c, previousClose: data.previousClose });
  measures.sessionBars = before.session?.bars ?? 0;
  return { state: { ...before, suspect: { close: c, ticker: data.ticker, at: s } }, measures };
}

/** The state at the beginning of a bar: a new session starts without moves, and learns from the bars of the one before. */
function inSession(state: SubjectState, { ticker, previousClose }: Bar, bar: RecentBar, place: Place): SubjectState {
  const { suspect: _, ...kept } = state;
  const date = sessionDate(bar.s);
  if (place === 'same' && state.session !== undefined) {
    const session = { ...state.session, date: date > state.session.date ? date : state.session.date };
    return { ...kept, ticker, session };
  }
  const usual = (state.recent ?? []).reduce<SubjectState['usual']>(learn, state.usual);
  const session = { date, previousClose, bars: 0, peaks: NO_PEAKS };
  return { ...kept, ticker, session, recent: [], ...(usual !== undefined && { usual }) };
}

interface Placing {
  readonly place: Place;
  /** Whether the bar replaces one. */
  readonly correction: boolean;
}

function placed(
  before: SubjectState,
  state: SubjectState,
  bar: RecentBar,
  data: Bar,
  { place, correction }: Placing,
): Measured {
  const { session, recent: old = [] } = state;
  if (session === undefined) throw new Error('A bar is placed in a session.');
  const first = old[0];
  const isOld = first !== undefined && bar.s < first.s && session.bars > old.length;
  const bars = isOld ? old : withBar(old, bar);
  const measures = moved(peaksOf(session.peaks, old), bar, isOld ? fastMove([bar], bar) : fastMove(bars, bar));
  Object.assign(measures, {
    correction,
    close: bar.c,
    previousClose: bar.p,
    rangePct: percent(data.low, data.high),
    sessionBars: session.bars + (correction ? 0 : 1),
    halted: before.halt !== undefined,
  });
  if (place === 'next') ended(measures, before);
  const seen = measureUsual(measures, state, bars, bar);
  const { recent, settled } = parted(bars);
  const peaks = isOld
    ? further(session.peaks, measures.fastPct, measures.dayPct)
    : settledPeaks(session.peaks, bars, settled);
  after(measures, peaksOf(peaks, recent));
  const usual = settled.reduce(learn, state.usual);
  const next = { ...session, bars: measures.sessionBars, previousClose: bar.p, peaks };
  return { state: { ...state, session: next, recent, seen, ...(usual !== undefined && { usual }) }, measures };
}

function moved(peaks: Peaks, bar: RecentBar, fast: number): Measures {
  const measures = new Measures();
  const day = percent(bar.p, bar.c);
  return Object.assign(measures, {
    returnPct: percent(bar.o, bar.c),
    fastPct: fast,
    dayPct: day,
    fastPeak: fast < 0 ? peaks.fastDown : peaks.fastUp,
    dayPeak: day < 0 ? peaks.dayDown : peaks.dayUp,
    dayUpPeak: peaks.dayUp,
    dayDownPeak: peaks.dayDown,
    fastPeakBefore: Math.max(peaks.fastUp, peaks.fastDown),
    dayPeakBefore: Math.max(peaks.dayUp, peaks.dayDown),
  });
}

function after(measures: Measures, peaks: Peaks): void {
  measures.fastPeakAfter = Math.max(peaks.fastUp, peaks.fastDown);
  measures.dayPeakAfter = Math.max(peaks.dayUp, peaks.dayDown);
}

/** The figures of the session that the bar's session follows. */
function ended(measures: Measures, { session, recent = [] }: SubjectState): void {
  measures.newSession = true;
  if (session === undefined) return;
  const { fastUp, fastDown, dayUp, dayDown } = peaksOf(session.peaks, recent);
  Object.assign(measures, {
    endedFastPeak: Math.max(fastUp, fastDown),
    endedDayPeak: Math.max(dayUp, dayDown),
    endedDayUp: dayUp,
    endedDayDown: dayDown,
    endedPreviousClose: session.previousClose,
    endedAt: recent.at(-1)?.s ?? 0,
  });
}
