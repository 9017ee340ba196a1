import type { RoutedEvent, StreamApp } from '#core/streams/app.ts';
import { eventTypes, subjectSchema, type EventType } from '../events/events.ts';
import type { Match } from '../events/match.ts';
import { measure, type MarketEvent } from '../instruments/measure.ts';
import { stateSchema, type SubjectState } from '../instruments/state.ts';
import type { Watchers } from '../portfolios/watched.ts';
import { evaluate, type BrokenRule } from '../rules/evaluate.ts';
import { effectSchema, type Effect } from './effects.ts';
import { fitting } from './fitting.ts';
import { withMoves } from './moves.ts';
import { warningAboutBroken, withoutNoise } from './noise.ts';
import { withText } from './text-of.ts';

/** The pure part of the router's app. The stack adds `prepare` and `perform`. */
export const marketRouter: Pick<
  StreamApp<SubjectState, Watchers, Effect>,
  'types' | 'subject' | 'state' | 'initial' | 'effect' | 'apply'
> = {
  types: eventTypes,
  subject: subjectSchema,
  state: stateSchema,
  initial: {},
  effect: effectSchema,
  apply,
};

/** Measures an event, evaluates the rules of the portfolios that it concerns, and says what is to be done. */
export function apply(
  before: SubjectState,
  event: RoutedEvent,
  watchers: Watchers,
): { readonly state: SubjectState; readonly effects: readonly Effect[] } {
  const routed = marketEvent(event);
  const { state: after, measures } = measure(before, routed);
  if (measures === null) return { state: after, effects: [] };
  const portfolios = watchers.of(event.subject);
  if (portfolios.length === 0) return { state: after, effects: [] };
  const { matches, broken } = evaluate({ event: routed, measures, before, after }, portfolios);
  const quiet = withoutNoise(after, [...matches, ...broken.map((each) => brokenMatch(each, event))], event.time);
  const moves = withMoves(quiet.state, routed, measures, portfolios);
  const told = quiet.matches.map((match) => ({
    kind: 'match' as const,
    id: match.id,
    match: { ...match, values: { ...match.values }, event: { ...match.event } },
  }));
  return { state: moves.state, effects: fitting([...withText(told, event), ...moves.effects]) };
}

/** The router has parsed the data by the schema of the type. */
function marketEvent(event: RoutedEvent): MarketEvent & RoutedEvent {
  if (!isMarketEvent(event)) throw new Error(`The router has no type ${event.type}.`);
  return event;
}

const isMarketEvent = (event: RoutedEvent): event is MarketEvent & RoutedEvent => isType(event.type);
const isType = (type: string): type is EventType => type in eventTypes;

function brokenMatch({ portfolio, rule }: BrokenRule, event: RoutedEvent): Match {
  const { source, id, type, time, arrivedAt, late } = event;
  return warningAboutBroken({
    portfolio: portfolio.id,
    rule: rule.id,
    rulesVersion: portfolio.version,
    subject: `rule:${rule.id}`,
    ticker: event.subject,
    values: {},
    atStakeUsd: 0,
    event: { source, id, type, time: new Date(time).toISOString() },
    arrivedAt,
    late,
  });
}
