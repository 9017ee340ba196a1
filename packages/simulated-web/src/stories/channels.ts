import { Choices } from '../random.ts';
import type { EventFacts, Happening } from '../world/events.ts';
import type { EventKind } from '../world/kinds.ts';

/** How many news sites there are. */
export const NEWS_SITES = 6;

/** Who tells an event. */
export interface Channels {
  readonly site: boolean;
  readonly filing: boolean;
  /** The numbers of the news sites, from 1. */
  readonly news: readonly number[];
  /** The news site that has a number wrong. */
  readonly wrong: number | undefined;
}

/** The item of an 8-K that fits a kind; none for what is not filed. */
export const ITEMS: Readonly<Partial<Record<EventKind, string>>> = {
  deal: '1.01',
  results: '2.02,9.01',
  funding: '2.03',
  layoffs: '2.05',
  'officer-change': '5.02',
  rename: '5.03',
  lawsuit: '8.01',
  outage: '8.01',
  launch: '7.01',
};

/** How likely the company itself tells it, and how likely it files it. */
const HABITS: Readonly<Record<EventKind, readonly [site: number, filing: number]>> = {
  launch: [0.95, 0.3],
  'price-cut': [0.7, 0],
  'price-rise': [0.5, 0],
  funding: [0.8, 0.8],
  hire: [0.85, 0],
  layoffs: [0.5, 0.8],
  deal: [0.9, 0.85],
  lawsuit: [0.3, 0.5],
  outage: [0.6, 0.25],
  results: [1, 1],
  'officer-change': [0.75, 1],
  rename: [1, 1],
};

export function channelsOf(seed: number, happening: Happening): Channels {
  const choices = new Choices(`${seed}/${happening.id}/channels`);
  const [onSite, filed] = HABITS[happening.kind];
  const site = choices.chance(onSite);
  const filing = choices.chance(filed);
  const numbers = Array.from({ length: NEWS_SITES }, (_, index) => index + 1);
  // What the company does not tell is in the news.
  const least = site || filing ? 0 : 1;
  const most = happening.magnitude >= 4 ? NEWS_SITES : 3;
  const news = choices.sample(numbers, choices.between(least, most)).sort((one, other) => one - other);
  const canBeWrong = news.length >= 2 && wrongFacts(happening.facts) !== undefined;
  const wrong = canBeWrong && choices.chance(0.15) ? news.at(-1) : undefined;
  return { site, filing, news, wrong };
}

/** The facts with another number, clearly different; undefined without a number to get wrong. */
export function wrongFacts(facts: EventFacts): EventFacts | undefined {
  const { people, amount, hours, revenue } = facts;
  if (people !== undefined) return { ...facts, people: people * 2 };
  if (amount !== undefined) return { ...facts, amount: amount * 1.5 };
  if (hours !== undefined) return { ...facts, hours: hours * 2 };
  if (revenue !== undefined) return { ...facts, revenue: revenue * 1.2 };
  return undefined;
}
