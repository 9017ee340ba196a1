import { localTime } from '#core/parse/local-time.ts';
import type { EventData } from '../events/events.ts';
import { Measures, percent } from './measures.ts';
import { measureUsual } from './measure-usual.ts';
import { isBelieved } from './plausible.ts';
import { fastMove, further, learn, parted, peaksOf, settledPeaks, withBar } from './recent.ts';
import { afterSplits } from './splits.ts';
import { NO_PEAKS, type Peaks, type RecentBar, type SubjectState } from './state.ts';

export type Bar = EventData<'market.bar.v1'>;

/** The figures and the next state. Null figures: the event says nothing new. */
export interface Measured {
  readonly state: SubjectState;
  readonly measures: Measures | null;
}

/** Sessions are days of the exchange's clock. */
const ZONE = 'America/New_York';

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
  const date = localTime(bar.s, ZONE).date;
  const { session } = before;
  if (session !== undefined && date < session.date) return { state: before, measures: null };
  const known = before.recent?.find(({ s }) => s === bar.s);
  if (known !== undefined && known.r >= bar.r) return { state: before, measures: null };
  if (!isBelieved(before, data, bar, date)) return suspected(before, data, bar);
  const state = inSession(afterSplits(before, bar, date), data, date);
  return placed(before, state, bar, data, known !== undefined);
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
function inSession(state: SubjectState, data: Bar, date: string): SubjectState {
  const { suspect: _, ...kept } = state;
  const ticker = data.ticker;
  if (state.session?.date === date) return { ...kept, ticker };
  const usual = (state.recent ?? []).reduce<SubjectState['usual']>(learn, state.usual);
  const session = { date, previousClose: data.previousClose, bars: 0, peaks: NO_PEAKS };
  return { ...kept, ticker, session, recent: [], ...(usual !== undefined && { usual }) };
}

function placed(before: SubjectState, state: SubjectState, bar: RecentBar, data: Bar, correction: boolean): Measured {
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
  ended(measures, before, state);
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
function ended(measures: Measures, { session, recent = [] }: SubjectState, next: SubjectState): void {
  measures.newSession = session === undefined || session.date !== next.session?.date;
  if (session === undefined || !measures.newSession) return;
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
