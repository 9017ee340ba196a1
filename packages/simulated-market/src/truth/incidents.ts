import { EXCHANGES } from '../calendar/exchanges.ts';
import { pathOf } from '../events/bars.ts';
import { barId, marketSubject, sources, type Item } from '../events/item.ts';
import { crashItems, pauseItems } from '../events/status.ts';
import { filingAccession, filingTime, storyNumber } from '../events/stories.ts';
import type { Story } from '../plan/stories.ts';
import { barEnd, barsPerInterval, barStart, type World } from '../plan/world.ts';

/** Something that is urgent by the definition in the README, or that only looks like it. */
export interface Incident {
  readonly id: string;
  readonly kind: 'price-move' | 'halt' | 'circuit-breaker' | 'filing';
  readonly subject: string;
  readonly ticker: string | null;
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
  readonly urgent: boolean;
  readonly why: string;
  /** The event that shows it, and then others that show it as well: an alert about any of them is right. */
  readonly events: readonly { readonly source: string; readonly id: string }[];
}

/** Bars after the one that crosses a threshold which still show it. */
const BARS_AFTER = 2;
const FALL = 0.05;
const LOSS = 0.08;

export function incidentsOf(world: World): Incident[] {
  const all = [
    ...world.stories.flatMap((story, index) => storyIncidents(world, story, index)),
    ...crashIncidents(world),
  ];
  return all.sort((one, other) => one.at - other.at);
}

function storyIncidents(world: World, story: Story, index: number): Incident[] {
  const { instrument, kind } = story;
  const script = world.scripts.get(instrument.subject);
  const moves = (script?.crossings ?? []).map(({ interval, urgent, why }) =>
    priceMove(world, instrument, pathOf(world, instrument.subject).movingBar(interval), urgent, why),
  );
  const halts = (script?.pauses ?? []).map((pause) => {
    const [halted] = pauseItems(world, instrument, pause);
    return ofItem('halt', halted, instrument.ticker, pause.reason !== 'luld', `trading halted: ${pause.reason}`);
  });
  if (!kind.startsWith('filing-') || kind === 'filing-quiet') return [...moves, ...halts];
  const accession = filingAccession(world, story.key, storyNumber(index));
  const filed: Incident = {
    id: accession,
    kind: 'filing',
    subject: instrument.subject,
    ticker: instrument.ticker,
    at: filingTime(world, story.key),
    urgent: true,
    why: `8-K with item ${kind.slice('filing-'.length)}`,
    events: [
      {
        source: sources.edgar,
        id: accession,
      },
    ],
  };
  return [filed];
}

function priceMove(
  world: World,
  { subject, cik, ticker }: Story['instrument'],
  bar: number,
  urgent: boolean,
  why: string,
): Incident {
  const path = pathOf(world, subject);
  const events = [];
  for (let at = bar; events.length <= BARS_AFTER && barEnd(world, at) <= world.session.close; at += 1) {
    if (path.trades(at)) events.push({ source: sources.bars, id: barId(cik, barStart(world, at), 0) });
  }
  const id = `${cik}.price-move.${bar}`;
  return { id, kind: 'price-move', subject, ticker, at: barEnd(world, bar), urgent, why, events };
}

const ofItem = (kind: Incident['kind'], item: Item, ticker: string | null, urgent: boolean, why: string): Incident => ({
  id: item.id,
  kind,
  subject: item.subject,
  ticker,
  urgent,
  why,
  at: item.time as number,
  events: [
    {
      source: item.source,
      id: item.id,
    },
  ],
});

/** The circuit breaker, and moves of single shares at the same time: it silences them. */
function crashIncidents(world: World): Incident[] {
  const { crash } = world;
  if (crash === null) return [];
  const breaker = crashItems(world).find(({ subject }) => subject === marketSubject(EXCHANGES.XNYS));
  const silenced = world.instruments.flatMap((instrument) => {
    if (world.scripts.has(instrument.subject)) return [];
    const path = pathOf(world, instrument.subject);
    const bar = path.movingBar(crash.interval);
    const before = path.bar(crash.interval * barsPerInterval(world)).open;
    const { close, previousClose } = path.bar(bar);
    const looks = 1 - close / before >= FALL || 1 - close / previousClose >= LOSS;
    return looks ? [priceMove(world, instrument, bar, false, 'silenced by the circuit breaker')] : [];
  });
  return breaker === undefined
    ? silenced
    : [ofItem('circuit-breaker', breaker, null, true, 'circuit breaker of the whole market, level 1'), ...silenced];
}
