import type { RoutedEvent } from '#core/streams/app.ts';
import type { MarketEvent } from '../instruments/measure.ts';
import { minutesSince } from '../instruments/measure-usual.ts';
import type { Measures } from '../instruments/measures.ts';
import type { SubjectState } from '../instruments/state.ts';
import type { Portfolio } from '../portfolios/watched.ts';
import { hashOf } from '../rules/evaluate.ts';
import type { Effect } from './effects.ts';

/** A fast move of this size is told to the portfolios that hold the instrument, once in half an hour. */
const MOVE_PCT = 2;
const AGAIN_MINUTES = 30;
const SOURCE = 'market-monitor/router';

/**
 * Publishes a fast move to the portfolios that hold the instrument, as an event with the portfolio as its subject. There it
 * is counted in order with the moves of other holdings. A move of one instrument costs nothing else.
 */
export function withMoves(
  state: SubjectState,
  event: MarketEvent & RoutedEvent,
  measures: Measures,
  portfolios: readonly Portfolio[],
): { readonly state: SubjectState; readonly effects: readonly Effect[] } {
  const isMove = event.type === 'market.bar.v1' && Math.abs(measures.fastPct) >= MOVE_PCT && !event.late;
  if (!isMove || minutesSince(state.seen?.['move'], event.time) < AGAIN_MINUTES) return { state, effects: [] };
  const holders = portfolios.filter(({ holdings }) => holdings.has(event.subject));
  const effects = holders.map((portfolio): Effect => {
    const id = hashOf('move', portfolio.id, event.source, event.id);
    const data = { instrument: event.subject, movePct: measures.fastPct, holdings: portfolio.holdings.size };
    return {
      kind: 'publish',
      id,
      event: {
        specversion: '1.0',
        id,
        source: SOURCE,
        type: 'market.move.v1',
        subject: `portfolio:${portfolio.id}`,
        time: new Date(event.time).toISOString(),
        data,
      },
    };
  });
  return { state: { ...state, seen: { ...state.seen, move: event.time } }, effects };
}
