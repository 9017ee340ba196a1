import { Choices } from '../random.ts';
import { INTERVAL_MS, type World } from '../plan/world.ts';
import { barsBetween } from './bars.ts';
import { calendarItems } from './calendar-items.ts';
import { filingsIn } from './filings.ts';
import type { Item } from './item.ts';
import { newsIn } from './news.ts';
import { crashItems } from './status.ts';
import { storyItems } from './stories.ts';

const SLOTS = 288;
const SLOTS_PER_HOUR = 12;
/** 4,300 of 50,000. */
const FILING_SHARE = 0.086;
/** Against chance: the day has at least the events that were asked for. */
const SPARE = 80;
const MIN_NEWS_SHARE = 0.02;

/** Events per slot by the hour in New York: filings between 06:00 and 22:00, news all day. */
const FILING_WEIGHTS = [0, 0, 0, 0, 0, 0, 4, 4, 6, 4, 2, 2, 2, 2, 2, 3, 10, 9, 4, 3, 3, 2, 0, 0];
const NEWS_WEIGHTS = [1, 1, 1, 1, 2, 3, 5, 7, 9, 8, 6, 5, 5, 5, 5, 6, 8, 5, 3, 2, 2, 1, 1, 1];

/** All events of the day in slots of five minutes, in order of arrival within each. What a slot makes may come later. */
export function* slotsOf(world: World): Generator<{ readonly to: number; readonly items: Item[] }> {
  const planned = world.stories.flatMap((story, index) => [...storyItems(world, story, index)]);
  planned.push(...calendarItems(world), ...crashItems(world));
  planned.sort((one, other) => one.at - other.at);
  const filings = world.options.events * FILING_SHARE;
  const bars = [...world.paths.values()].reduce((sum, path) => sum + tradedBars(world, path), 0);
  const once = planned.filter(({ repeat }) => repeat !== 'same').length;
  const rest = world.options.events - bars - filings - once + SPARE;
  const news = Math.max(rest, world.options.events * MIN_NEWS_SHARE);
  for (let number = 0, next = 0; number < SLOTS; number += 1) {
    const slot = { number, from: world.midnight + number * INTERVAL_MS, ms: INTERVAL_MS };
    const to = slot.from + slot.ms;
    const choices = new Choices(`${world.key}/slot/${number}`);
    const items = [...barsBetween(world, slot.from, to)];
    while (next < planned.length && (planned[next] as Item).at < to) items.push(planned[next++] as Item);
    items.push(...filingsIn(world, slot, choices.about(filings * shareOf(FILING_WEIGHTS, number))));
    items.push(...newsIn(world, slot, choices.about(news * shareOf(NEWS_WEIGHTS, number))));
    yield { to, items };
  }
}

function tradedBars({ intervals, barMs }: World, path: { trades(bar: number): boolean }): number {
  const each = INTERVAL_MS / barMs;
  let count = 0;
  for (let interval = 0; interval < intervals; interval += 1) if (path.trades(interval * each)) count += each;
  return count;
}

function shareOf(weights: readonly number[], slot: number): number {
  const sum = weights.reduce((one, other) => one + other, 0);
  return (weights[Math.floor(slot / SLOTS_PER_HOUR)] ?? 0) / sum / SLOTS_PER_HOUR;
}
