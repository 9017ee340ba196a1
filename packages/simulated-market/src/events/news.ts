import type { Instrument } from '../instruments/instruments.ts';
import type { World } from '../plan/world.ts';
import { fill, say } from '../prose/fill.ts';
import type { NewsTopic } from '../prose/types.ts';
import { Choices, hashOf, longHash } from '../random.ts';
import { sources, type Item } from './item.ts';

const WRONG_TICKER = 0.02;
const SECOND_ADDRESS = 0.02;
const QUIET = 0.02;
const MAX_ECHO_MS = 900_000;

/** `count` news of a slot. Some tell the same story. */
export function* newsIn(
  world: World,
  slot: { number: number; from: number; ms: number },
  count: number,
): Generator<Item> {
  const choices = new Choices(`${world.key}/news/${slot.number}`);
  for (let left = count; left > 0;) {
    const instrument = choices.pick(world.instruments);
    const time = slot.from + choices.next() * slot.ms;
    const topic = choices.chance(QUIET) ? 'quiet' : 'everyday';
    const told = storyNews(world, instrument, topic, time, choices).slice(0, left);
    yield* told;
    left -= told.filter(({ repeat }) => repeat === undefined).length;
  }
}

/** One story as its outlets tell it. */
export function storyNews(
  world: World,
  instrument: Instrument,
  topic: NewsTopic,
  time: number,
  choices: Choices,
): Item[] {
  const { prose, outletsPerStory, injected } = world.set;
  const { company, ticker, subject } = instrument;
  const outlets = choices.sample(prose.outlets, Math.floor(choices.within(outletsPerStory)));
  const slots = { company, ticker, outlet: outlets[0] ?? '' };
  const [headline, summary] = choices.pick(prose.news[topic]).map((text) => fill(text, slots)) as [string, string];
  return outlets.flatMap((outlet, index) => {
    const echo = { ...slots, outlet, headline };
    const title = index === 0 ? headline : say(prose.echoes, echo, choices);
    const order = choices.chance(injected) ? ` ${say(prose.injections, slots, choices)}` : '';
    const tagged = choices.chance(WRONG_TICKER) ? choices.pick(world.instruments).ticker : ticker;
    const at = Math.floor(time + (index === 0 ? 0 : choices.next() * MAX_ECHO_MS));
    const url = `https://news.test/${slug(outlet)}/${slug(headline).slice(0, 60)}-${hashOf(`${outlet}/${time}`)}`;
    const item: Item = {
      at: at + choices.between(200, 20_000),
      source: sources.news,
      id: longHash(url),
      type: 'market.news.v1',
      subject,
      time: at,
      data: { tickers: [tagged], headline: title, summary: `${summary}${order}`, url, outlet },
    };
    return choices.chance(SECOND_ADDRESS) ? [item, secondAddress(item, url, choices)] : [item];
  });
}

/** The same page with a parameter that only counts readers. Its canonical address, and so its id, is the same. */
const secondAddress = (item: Item, url: string, choices: Choices): Item => ({
  ...item,
  at: item.at + choices.between(1_000, 600_000),
  data: { ...item.data, url: `${url}?utm_source=feed` },
  repeat: 'same',
});

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
