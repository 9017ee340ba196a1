import type { EventData, EventType } from '../events/events.ts';
import { measureBar, type Measured } from './measure-bar.ts';
import { measureFiling } from './measure-filing.ts';
import { measureMove, type Move } from './measure-move.ts';
import { measureNews } from './measure-news.ts';
import { measureTradingStatus } from './measure-trading-status.ts';
import { Measures, percent } from './measures.ts';
import { withPrice } from './with-price.ts';
import { withCorporateAction } from './splits.ts';
import type { SubjectState } from './state.ts';

/** An event of a type that the monitor reads, with the type of its data. */
export type MarketEvent = {
  [Type in EventType]: {
    readonly type: Type;
    readonly subject: string;
    readonly time: number;
    readonly late: boolean;
    readonly data: EventData<Type>;
  };
}[EventType];

/** The figures of an event, and the subject's next state. Null figures: the event says nothing new. Pure. */
export function measure(state: SubjectState, event: MarketEvent): Measured {
  switch (event.type) {
    case 'market.bar.v1':
      return measureBar(state, event.data);
    case 'market.trading-status.v1':
      return measureTradingStatus(state, event.data, event.time);
    case 'market.news.v1':
      return measureNews(state, event.data, event.time);
    case 'market.filing.v1':
      return measureFiling(state, event.data, event.time);
    case 'market.move.v1':
      return measureMove(state, event.data satisfies Move, event.time);
    case 'market.corporate-action.v1':
      return { state: withCorporateAction(state, event.data), measures: withPrice(state) };
    case 'market.rating.v1':
      return { state, measures: ratingOf(state, event.data) };
    case 'market.earnings.v1':
      return { state, measures: earningsOf(state, event.data) };
    case 'market.macro.v1':
      return { state, measures: macroOf(event.data) };
  }
}

function ratingOf(state: SubjectState, { steps, targetFrom, targetTo }: EventData<'market.rating.v1'>): Measures {
  const targetChangePct = targetFrom === undefined || targetTo === undefined ? 0 : percent(targetFrom, targetTo);
  return Object.assign(withPrice(state), { ratingSteps: steps, targetChangePct });
}

function earningsOf(
  state: SubjectState,
  { epsActual, epsExpected, revenueActual, revenueExpected }: EventData<'market.earnings.v1'>,
): Measures {
  return Object.assign(withPrice(state), {
    epsSurprisePct: surprise(epsActual, epsExpected),
    revenueSurprisePct: surprise(revenueActual, revenueExpected),
  });
}

const MAX_SURPRISE = 1_000_000;

/** Of the expected figure's size. An expected 0 has none, so any surprise is as large as they get. */
function surprise(actual: number, expected: number): number {
  if (actual === expected) return 0;
  const exact = expected === 0 ? Math.sign(actual) * MAX_SURPRISE : ((actual - expected) / Math.abs(expected)) * 100;
  return Math.round(Math.max(-MAX_SURPRISE, Math.min(MAX_SURPRISE, exact)) * 1e6) / 1e6;
}

function macroOf({ actual, expected, surpriseDeviation }: EventData<'market.macro.v1'>): Measures {
  const deviations = (actual - expected) / surpriseDeviation;
  return Object.assign(new Measures(), { surpriseDeviations: Math.round(deviations * 1e6) / 1e6 });
}
