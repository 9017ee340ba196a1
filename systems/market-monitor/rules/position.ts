import type { Measures } from '../instruments/measures.ts';
import type { SubjectState } from '../instruments/state.ts';
import type { Portfolio } from '../portfolios/watched.ts';
import { PositionVariable } from './variables.ts';

/** The position of a portfolio in the instrument of an event, at the event's price. */
export function positionOf(
  portfolio: Pick<Portfolio, 'watch' | 'holdings' | 'asOf'>,
  subject: string,
  m: Measures,
  state: SubjectState,
): PositionVariable {
  const position = new PositionVariable();
  position.watched = portfolio.watch.has(subject);
  const holding = portfolio.holdings.get(subject);
  if (holding === undefined) return position;
  const quantity = holding.quantity * splitFactor(portfolio, state);
  const isShort = quantity < 0;
  // Shares that are held lose by the furthest fall, shares that are sold short by the furthest rise.
  const lossOf = (price: number, up: number, down: number): number =>
    Math.max(0, cents((Math.abs(quantity) * price * (isShort ? up : down)) / 100));
  return Object.assign(position, {
    held: true,
    quantity,
    // A price that is not believed is no value.
    valueUsd: cents(quantity * (m.suspect ? m.previousClose : m.close)),
    lossUsd: m.suspect || m.close === 0 ? 0 : cents(quantity * (m.previousClose - m.close)),
    lossPeakUsd: lossOf(m.previousClose, m.dayUpPeak, m.dayDownPeak),
    endedLossUsd: lossOf(m.endedPreviousClose, m.endedDayUp, m.endedDayDown),
  });
}

/** Shares that one share of the portfolio's file has become by splits after its day. */
const splitFactor = ({ asOf }: Pick<Portfolio, 'asOf'>, { splits = [] }: SubjectState): number =>
  splits.reduce((factor, { exDate, ratio }) => (exDate > asOf ? factor * ratio : factor), 1);

const cents = (usd: number): number => Math.round(usd * 100) / 100;
