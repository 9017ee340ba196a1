import type { RoutedEvent } from '#core/streams/app.ts';
import { eventTypes, type EventData, type EventType } from '../../events/events.ts';
import type { Match } from '../../events/match.ts';
import type { SubjectState } from '../../instruments/state.ts';
import { portfolioFileSchema, type PortfolioFile } from '../../portfolios/portfolio.ts';
import { prepared, watchersOf, type Portfolio, type Watchers } from '../../portfolios/watched.ts';
import { apply } from '../../router/apply.ts';
import type { Effect } from '../../router/effects.ts';
import { marketRouter } from '../../router/apply.ts';

export const ACME = 'cik:0000000001';
export const OPEN = Date.parse('2026-11-30T14:30:00Z');

/** A portfolio file with 1,000 shares of ACME at most. */
export const portfolioFile = (more: object = {}): PortfolioFile =>
  portfolioFileSchema({ privateAddresses: true }).parse({
    id: 'core',
    name: 'Core',
    currency: 'USD',
    holdings: [{ ticker: 'ACME', cik: '0000000001', quantity: 1_000 }],
    ...more,
  });

export function portfolio(more: object = {}): Portfolio {
  const { portfolio: made, problems } = prepared(portfolioFile(more), { version: 1, asOf: '2026-11-01' });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return made;
}

export const watchers = (...portfolios: Portfolio[]): Watchers =>
  watchersOf(portfolios.length === 0 ? [portfolio()] : portfolios);

let made = 0;

/** An event as the router hands it on. `minutes` are after the opening bell. */
export function event<Type extends EventType>(
  type: Type,
  data: EventData<Type>,
  { subject = ACME, minutes = 0, late = false, id = `e${(made += 1)}` } = {},
): RoutedEvent {
  const time = OPEN + minutes * 60_000;
  return {
    source: 'test',
    id,
    type,
    subject,
    time,
    sequence: null,
    data: eventTypes[type].parse(data),
    arrivedAt: time + 50,
    late,
  };
}

interface BarOptions {
  readonly open?: number;
  readonly close: number;
  readonly previousClose?: number;
  readonly revision?: number;
  readonly volume?: number;
  readonly seconds?: number;
  readonly ticker?: string;
  readonly high?: number;
  readonly low?: number;
}

/** A five-minute bar that begins some minutes after the opening bell. */
export function bar(minutes: number, options: BarOptions, more: { late?: boolean; id?: string } = {}): RoutedEvent {
  const {
    close,
    open = close,
    previousClose = 100,
    revision = 0,
    volume = 10_000,
    seconds = 300,
    ticker = 'ACME',
  } = options;
  const { high = Math.max(open, close), low = Math.min(open, close) } = options;
  const start = new Date(OPEN + minutes * 60_000).toISOString();
  const prices = { open, close, high, low, previousClose, currency: 'USD' as const };
  return event(
    'market.bar.v1',
    { ticker, start, seconds, revision, volume, ...prices },
    { minutes: minutes + seconds / 60, ...more },
  );
}

/** Applies events to one subject in order. */
export function day(
  events: readonly RoutedEvent[],
  context: Watchers = watchers(),
  before: SubjectState = marketRouter.initial,
): { readonly state: SubjectState; readonly effects: Effect[]; readonly matches: Match[] } {
  let state = before;
  const effects: Effect[] = [];
  for (const each of events) {
    const result = apply(state, each, context);
    state = marketRouter.state.parse(JSON.parse(JSON.stringify(result.state)));
    effects.push(...result.effects.map((effect) => marketRouter.effect.parse(JSON.parse(JSON.stringify(effect)))));
  }
  const matches = effects.flatMap((effect) => (effect.kind === 'match' ? [effect.match] : []));
  return { state, effects, matches };
}

/** Ids of the rules of urgent matches, in order. */
export const urgent = (events: readonly RoutedEvent[], context?: Watchers, before?: SubjectState): string[] =>
  day(events, context, before)
    .matches.filter(({ severity }) => severity === 'urgent')
    .map(({ rule }) => rule);
