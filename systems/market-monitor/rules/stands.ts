import { Measures, percent } from '../instruments/measures.ts';
import { fastMove } from '../instruments/recent.ts';
import type { RecentBar, SubjectState } from '../instruments/state.ts';
import type { Portfolio } from '../portfolios/watched.ts';
import { limitsOf } from './evaluate.ts';
import { positionOf } from './position.ts';
import { EventVariable, LastVariable } from './variables.ts';

/** Figures that the last bars and the portfolio give. */
const OF_BARS = ['fastPct', 'fastPeak', 'dayPct', 'dayPeak', 'close', 'previousClose'];
const OF_POSITIONS = ['held', 'watched', 'quantity', 'valueUsd', 'lossUsd', 'lossPeakUsd'];
const KNOWN: ReadonlySet<string> = new Set([...OF_BARS, ...OF_POSITIONS]);

/**
 * Whether a rule still holds by the last price of an instrument, as if its threshold had not been crossed before. Null: no bar
 * has begun since.
 * True if it cannot be said, since a person had better hear of it: the rule was removed, or reads other figures.
 * @param since milliseconds since 1970, of event time
 */
export function stillHolds(
  portfolio: Pick<Portfolio, 'rules' | 'file' | 'holdings' | 'watch' | 'asOf'>,
  { rule, subject }: { readonly rule: string; readonly subject: string },
  state: SubjectState,
  since: number,
): boolean | null {
  const bar = state.recent?.at(-1);
  if (bar === undefined || bar.s < since) return null;
  const compiled = portfolio.rules.find((each) => each.rule.id === rule);
  if (compiled === undefined || ![...compiled.figures].every((name) => KNOWN.has(name))) return true;
  const m = measuresOf(bar, state);
  const event = Object.assign(new EventVariable(), { type: 'market.bar.v1', subject, ticker: state.ticker ?? '' });
  const position = positionOf(portfolio, subject, m, state);
  try {
    return compiled.when({ event, m, position, limits: limitsOf(portfolio), last: new LastVariable() }) === true;
  } catch {
    return true;
  }
}

const measuresOf = (bar: RecentBar, { recent = [] }: SubjectState): Measures =>
  Object.assign(new Measures(), {
    fastPct: fastMove(recent, bar),
    dayPct: percent(bar.p, bar.c),
    close: bar.c,
    previousClose: bar.p,
  });
