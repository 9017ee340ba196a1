import { EXCHANGES } from '../calendar/exchanges.ts';
import { nextSession } from '../calendar/sessions.ts';
import { zonedTime } from '../calendar/zones.ts';
import { barEnd, barsPerInterval, INTERVAL_MS, SPLIT_RATIO, type World } from '../plan/world.ts';
import type { Story, StoryKind } from '../plan/stories.ts';
import type { FilingTopic, NewsTopic } from '../prose/types.ts';
import { Choices } from '../random.ts';
import { barItem, pathOf } from './bars.ts';
import { accessionOf, filingEntries } from './filings.ts';
import { barId, sources, type Item } from './item.ts';
import { storyNews } from './news.ts';
import { pauseItems } from './status.ts';

const MINUTE = 60_000;
/** Accession numbers of stories are above those of other filings. */
const FIRST_NUMBER = 900_000;

/** Everything that a story adds to the stream besides its bars. */
export function* storyItems(world: World, story: Story, index: number): Generator<Item> {
  const { instrument, kind } = story;
  const script = world.scripts.get(instrument.subject);
  const choices = new Choices(`${story.key}/items`);
  for (const pause of script?.pauses ?? []) yield* pauseItems(world, instrument, pause);
  const first = script?.crossings[0];
  if (first !== undefined) {
    const time = world.session.open + (first.interval + 1) * INTERVAL_MS + choices.between(1, 8) * MINUTE;
    yield* storyNews(world, instrument, story.sign > 0 ? 'up' : 'down', time, choices);
    yield* oldCorrection(world, story, first.interval);
  }
  if (kind.startsWith('filing')) yield* storyFilings(world, story, storyNumber(index), choices);
  if (kind === 'halt') yield* storyNews(world, instrument, 'halt', haltTime(world, story), choices);
  if (kind === 'split' || kind === 'dividend' || kind === 'ticker-change') yield actionItem(world, story, choices);
  if (kind === 'split') yield lastBarBeforeSplit(world, story);
}

/** A correction of a bar from before the move, which comes after it: an old price is no new move. */
function* oldCorrection(world: World, { instrument }: Story, interval: number): Generator<Item> {
  const old = interval - 3;
  const after = barEnd(world, (interval + 2) * barsPerInterval(world) - 1);
  const bar = old * barsPerInterval(world);
  if (old < 0 || !pathOf(world, instrument.subject).trades(bar)) return;
  yield barItem(world, instrument, bar, after + 2_000, REVISION_OF_OLD);
}
/** Above that of other corrections, since the bar may have one. */
const REVISION_OF_OLD = 2;

const haltTime = (world: World, { instrument }: Story): number =>
  world.session.open + (world.scripts.get(instrument.subject)?.pauses[0]?.from ?? 0) * INTERVAL_MS + MINUTE;

const newsOf: Partial<Record<StoryKind, NewsTopic>> = {
  'filing-1.03': 'bankruptcy',
  'filing-1.05': 'cyber',
  'filing-3.01': 'delisting',
  'filing-4.02': 'restatement',
  'filing-quiet': 'quiet',
};

function* storyFilings(
  world: World,
  { instrument, kind, key }: Story,
  number: number,
  choices: Choices,
): Generator<Item> {
  const time = filingTime(world, key);
  const accession = (offset: number): string => accessionOf(world, choices.between(1, 9_999_999), number + offset);
  if (kind === 'filing-quiet') {
    const forms = [
      { form: '8-K', topic: 'quiet', items: ['8.01'] },
      { form: '10-Q', topic: 'quiet', items: [] },
    ] as const;
    for (const [offset, form] of forms.entries()) {
      const at = { time: time + offset * 40 * MINUTE, accession: accession(offset), choices };
      yield* filingEntries(world, instrument, form, at);
    }
  } else {
    const item = kind.slice('filing-'.length);
    const form = { form: '8-K', topic: item as FilingTopic, items: item === '4.02' ? [item] : [item, '9.01'] };
    yield* filingEntries(world, instrument, form, {
      time,
      accession: filingAccession(world, key, number),
      choices,
      urgent: true,
    });
    if (new Choices(`${key}/amended`).chance(world.set.amended)) {
      const amended = { ...form, form: '8-K/A', topic: 'amended' as const };
      const later = { time: time + choices.between(25, 90) * MINUTE, accession: accession(1), choices, urgent: true };
      yield* filingEntries(world, instrument, amended, later);
    }
  }
  yield* storyNews(world, instrument, newsOf[kind] ?? 'quiet', time + choices.between(2, 25) * MINUTE, choices);
}

/** When the filing of a story is made: before the open, during the session before any crash, or after the close. */
export function filingTime({ options, session, crash }: World, key: string): number {
  const choices = new Choices(`${key}/filed`);
  const early = zonedTime(options.day, '06:30', EXCHANGES.XNYS.zone);
  const lastBeforeCrash = Math.min(session.close, (crash?.haltedAt ?? session.close) - 5 * MINUTE);
  const during = session.open + choices.next() * (lastBeforeCrash - session.open);
  const after = session.close + choices.next() * 180 * MINUTE;
  return choices.pick([early + choices.next() * 150 * MINUTE, during, during, after]);
}

/** The number of the filing that is urgent. */
export const filingAccession = (world: World, key: string, number: number): string =>
  accessionOf(world, new Choices(`${key}/agent`).between(1, 9_999_999), number);

export const storyNumber = (index: number): number => FIRST_NUMBER + index * 10;

function actionItem({ options, tickers }: World, { kind, instrument }: Story, choices: Choices): Item {
  const { subject, ticker, cik, level } = instrument;
  const time = zonedTime(options.day, '06:00', EXCHANGES.XNYS.zone);
  const more = {
    split: { ratio: SPLIT_RATIO },
    dividend: { amount: Math.max(0.05, Math.round(level * choices.within([0.3, 0.9])) / 100) },
    'ticker-change': { newTicker: tickers.get(subject) },
  };
  const action = kind as keyof typeof more;
  return {
    at: time + choices.between(500, 60_000),
    source: sources.actions,
    id: `${cik}.${action}.${options.day}`,
    type: 'market.corporate-action.v1',
    subject,
    time,
    data: { ticker, action, exDate: options.day, ...more[action] },
  };
}

/** The last bar of the session before, at the price before the split. */
function lastBarBeforeSplit(world: World, { instrument }: Story): Item {
  const { close } = nextSession('XNYS', world.options.day, -1);
  const price = Math.round(pathOf(world, instrument.subject).previousClose * SPLIT_RATIO * 100) / 100;
  const start = close - INTERVAL_MS;
  return {
    at: zonedTime(world.options.day, '04:00', EXCHANGES.XNYS.zone),
    source: sources.bars,
    id: barId(instrument.cik, start, 0),
    type: 'market.bar.v1',
    subject: instrument.subject,
    time: close,
    sequenced: true,
    protected: true,
    data: {
      ticker: instrument.ticker,
      start: new Date(start).toISOString(),
      seconds: INTERVAL_MS / 1e3,
      revision: 0,
      open: price,
      high: price,
      low: price,
      close: price,
      previousClose: price,
      volume: 1e4,
      currency: 'USD',
    },
  };
}
