import { pathOf } from '../events/bars.ts';
import { barId, sources } from '../events/item.ts';
import { barEnd, barStart, type World } from '../plan/world.ts';

/** How far a share is from its previous close, to the harm of whoever holds it, at the close of a bar. */
export interface Loss {
  /** US dollars per share. */
  readonly usd: number;
  /** End of the bar, in milliseconds since 1970. */
  readonly at: number;
  readonly event: { readonly source: string; readonly id: string };
  /** The circuit breaker is active: alerts of single instruments are silent. */
  readonly silenced: boolean;
}

/** The bars of a day that end with a loss per share: below the previous close, or above it for a short position. */
export function* lossesOf(world: World, subject: string, side: 'long' | 'short' = 'long'): Generator<Loss> {
  const instrument = world.instruments.find((one) => one.subject === subject);
  if (instrument === undefined) return;
  const path = pathOf(world, subject);
  const { crash } = world;
  for (let bar = 0; barEnd(world, bar) <= world.session.close; bar += 1) {
    if (!path.trades(bar)) continue;
    const { close, previousClose } = path.bar(bar);
    const at = barEnd(world, bar);
    const usd = side === 'long' ? previousClose - close : close - previousClose;
    if (usd <= 0) continue;
    yield {
      usd,
      at,
      event: { source: sources.bars, id: barId(instrument.cik, barStart(world, bar), 0) },
      silenced: crash !== null && at >= crash.haltedAt && at < crash.resumedAt,
    };
  }
}

/** The largest loss of a share in the day, or null if it never was below its previous close. */
export function worstLossOf(world: World, subject: string): Loss | null {
  let worst: Loss | null = null;
  for (const loss of lossesOf(world, subject)) if (worst === null || loss.usd > worst.usd) worst = loss;
  return worst;
}
