import { expect, it } from 'vitest';
import type { SimulatedMarket, SimulatedMarketOptions } from '../src/index.ts';
import { barsOf, smallDay, type Bar } from './support.ts';

/** Percent on either side of a threshold in which no move may end. */
const MARGIN = 0.3;
const FIVE_MINUTES = 300_000;

/** Percent of a change from one price to another. */
const percent = (from: number, to: number): number => (to / from - 1) * 100;

interface Move {
  readonly bar: Bar;
  readonly why: string;
}

/**
 * The moves of a session that are urgent by the definition, computed from the bars alone: at least 5 % within five
 * minutes, or 8 % since the previous close, at the first crossing and at each further 5 points.
 */
function urgentMoves(bars: readonly Bar[], measure: (bar: Bar) => number): Move[] {
  const moves: Move[] = [];
  let [fastest, farthest] = [0, 0];
  for (const [index, bar] of bars.entries()) {
    const size = Math.abs(percent(bar.previousClose, measure(bar)));
    let first = index;
    while ((bars[first - 1]?.end ?? 0) > bar.end - FIVE_MINUTES) first -= 1;
    const within = Math.abs(percent(bars[first]?.open ?? bar.open, measure(bar)));
    const fast = within < 5 ? 0 : Math.floor(within / 5);
    const far = size < 8 ? 0 : 1 + Math.floor((size - 8) / 5);
    if (fast > fastest || far > farthest) moves.push({ bar, why: fast > fastest ? 'fast' : 'far' });
    [fastest, farthest] = [Math.max(fastest, fast), Math.max(farthest, far)];
  }
  return moves;
}

/** Whether a bar ends while the circuit breaker silences single instruments. */
function silence(market: SimulatedMarket): (bar: Bar) => boolean {
  const breaker = market.truth.incidents.find(({ kind }) => kind === 'circuit-breaker');
  return ({ end }) => breaker !== undefined && end >= breaker.at && end < breaker.at + 15 * 60_000;
}

const nearThreshold = (value: number, thresholds: readonly number[]): boolean =>
  thresholds.some((threshold) => Math.abs(Math.abs(value) - threshold) < MARGIN);

const days: SimulatedMarketOptions[] = [
  { seed: 1 },
  { seed: 2, day: '2026-03-09', regime: 'volatile' },
  { seed: 3, day: '2026-11-27' },
  { seed: 4, crash: false, regime: 'volatile' },
  { seed: 5, set: 'second' },
  { seed: 6, set: 'second', day: '2025-07-03', regime: 'volatile' },
  { seed: 7, events: 62_000, instruments: 90 },
];

it.each(days)('is what the emitted bars show, however they are read: %j', (options) => {
  const market = smallDay(options);
  const bars = barsOf(market);
  const isSilent = silence(market);
  const incidents = market.truth.incidents.filter(({ kind, urgent }) => kind === 'price-move' && urgent);
  const expected = incidents.map(({ events }) => events[0]?.id ?? '').sort();
  for (const measure of [({ close }: Bar) => close, extremeOf]) {
    const audible = [...bars.values()].flatMap((own) => urgentMoves(own, measure).filter(({ bar }) => !isSilent(bar)));
    expect(audible.map(({ bar }) => bar.id).sort()).toEqual(expected);
    // A rule that never sees the silent bars has nothing to make up for afterwards.
    const deaf = [...bars.values()].flatMap((own) =>
      urgentMoves(
        own.filter((bar) => !isSilent(bar)),
        measure,
      ),
    );
    expect(deaf.map(({ bar }) => bar.id).sort()).toEqual(expected);
  }
});

/** The end of the bar that is farther from the previous close. */
const extremeOf = ({ high, low, previousClose }: Bar): number =>
  high / previousClose - 1 > 1 - low / previousClose ? high : low;

it.each(days)('leaves a margin at every threshold: %j', (options) => {
  const market = smallDay(options);
  const isSilent = silence(market);
  const near: object[] = [];
  for (const own of barsOf(market).values()) {
    let farthest = 0;
    for (const bar of own.filter((bar) => !isSilent(bar))) {
      const [since, within] = [percent(bar.previousClose, bar.close), percent(bar.open, bar.close)];
      farthest = Math.max(farthest, Math.abs(since));
      if (nearThreshold(farthest, [8, 13, 18]) || nearThreshold(within, [5, 10])) near.push({ bar, since, within });
    }
  }
  expect(near).toEqual([]);
});
