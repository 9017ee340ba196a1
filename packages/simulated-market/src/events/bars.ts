import type { Instrument } from '../instruments/instruments.ts';
import { barEnd, barStart, type World } from '../plan/world.ts';
import type { PricePath } from '../prices/prices.ts';
import { Choices, hashOf } from '../random.ts';
import { barId, sources, type Item } from './item.ts';

/** All instruments report within a second. */
const MAX_SPREAD_MS = 900;
const MIN_DELAY_MS = 50;
/** The share of bars that are corrected later. */
const REVISED = 0.002;
const MAX_REVISION_DELAY_MS = 200_000;

/** The bars that end at or after `from` and before `to`, and corrections of some. */
export function* barsBetween(world: World, from: number, to: number): Generator<Item> {
  const { session, barMs } = world;
  const first = Math.max(0, Math.ceil((from - session.open) / barMs) - 1);
  const end = Math.min((session.close - session.open) / barMs, Math.ceil((to - session.open) / barMs) - 1);
  for (let bar = first; bar < end; bar += 1) {
    const choices = new Choices(`${world.key}/bars/${bar}`);
    for (const instrument of world.instruments) {
      const path = world.paths.get(instrument.subject);
      if (path === undefined || !path.trades(bar)) continue;
      const at = barEnd(world, bar) + MIN_DELAY_MS + choices.next() * Math.min(MAX_SPREAD_MS, barMs * 0.8);
      yield barItem(world, instrument, bar, Math.floor(at), 0);
      if (!choices.chance(REVISED)) continue;
      const later = barEnd(world, bar) + barMs * 0.1 + choices.next() * Math.min(barMs * 0.8, MAX_REVISION_DELAY_MS);
      yield barItem(world, instrument, bar, Math.floor(Math.max(later, at + 1)), 1);
    }
  }
}

/** One bar. A correction has another volume and the same prices. */
export function barItem(world: World, instrument: Instrument, bar: number, at: number, revision: number): Item {
  const { cik, subject, ticker } = instrument;
  const start = barStart(world, bar);
  const prices = pathOf(world, subject).bar(bar);
  return {
    at,
    source: sources.bars,
    id: barId(cik, start, revision),
    type: 'market.bar.v1',
    subject,
    time: barEnd(world, bar),
    sequenced: true,
    protected: world.scripts.has(subject),
    data: {
      ticker: world.tickers.get(subject) ?? ticker,
      start: new Date(start).toISOString(),
      seconds: world.barMs / 1_000,
      revision,
      ...prices,
      volume: volumeOf(world, instrument, bar) + revision * 100,
      currency: 'USD',
    },
  };
}

export function pathOf({ paths }: World, subject: string): PricePath {
  const path = paths.get(subject);
  if (path === undefined) throw new Error(`No prices for ${subject}.`);
  return path;
}

/** Shares traded: more for large moves, and in a few bars for no reason. */
function volumeOf(world: World, { cik, level, subject }: Instrument, bar: number): number {
  const { open, close } = pathOf(world, subject).bar(bar);
  const chance = hashOf(`${world.key}/volume/${cik}/${bar}`) / 0x1_0000_0000;
  const usual = (2_000_000 / level) * (world.barMs / 300_000) * (0.5 + chance);
  const move = 1 + (Math.abs(close / open - 1) * 100) ** 1.5;
  return Math.round(usual * move * (chance > 0.9985 ? 8 : 1));
}
