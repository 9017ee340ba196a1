import type { Choices } from '../random.ts';
import type { EventFacts } from './events.ts';
import type { EventKind } from './kinds.ts';
import { niceAbout, type Product } from './products.ts';

const PEOPLE = [
  'Amara Okafor', 'Benedikt Lorenz', 'Carla Mendonça', 'Dmitri Halloran', 'Elena Vasquez', 'Farid Nazari', 'Grace Lindqvist',
  'Hiroshi Tanabe', 'Imogen Clarke', 'Jonas Eberhardt', 'Katarzyna Wolska', 'Leon Abernathy', 'Miriam Adler', 'Noah Castellano',
  'Oona Virtanen', 'Priya Raghavan', 'Quentin Dubois', 'Rosa Delgado', 'Samuel Whitfield', 'Tessa van Dijk', 'Umar Siddiqui',
  'Valentina Russo', 'Walter Higgins', 'Yara Haddad', 'Zoë Fontaine',
]; // prettier-ignore
const CITIES = [
  'Austin',
  'Leeds',
  'Tampa',
  'Kraków',
  'Denver',
  'Lyon',
  'Raleigh',
  'Porto',
  'Columbus',
  'Malmö',
  'Boise',
  'Cork',
];
const TEAMS = ['research', 'logistics', 'software engineering', 'customer care', 'manufacturing', 'sales'];
const ROLES = [
  'chief executive officer',
  'chief financial officer',
  'chief operating officer',
  'chief technology officer',
  'general counsel',
];
const PARTNERS = [
  'Larkspur Systems', 'Brightwater Logistics', 'Tamarack Labs', 'Osprey Analytics', 'Fernhill Foods', 'Stonebridge Robotics',
  'Calder Energy', 'Northlight Optics', 'Pemberton Materials', 'Wexford Data', 'Halden Marine', 'Sorrel Therapeutics',
]; // prettier-ignore
const INVESTORS = [
  'Kingsmere Capital',
  'Aldgate Partners',
  'Redwood Pension Trust',
  'Lakeshore Growth',
  'Vantor Equity',
];
const PURPOSES = [
  'build two new plants',
  'repay short-term loans',
  'expand in Asia',
  'buy land',
  'modernise its warehouses',
];
const COURTS = [
  'the District Court of Delaware',
  'a federal court in Texas',
  'the Superior Court of California',
  'a New York state court',
];
const CLAIMS = [
  'the infringement of three patents',
  'misleading statements to investors',
  'unpaid overtime',
  'a breach of contract',
  'a leak of customer records',
];
const QUARTERS = ['first quarter', 'second quarter', 'third quarter', 'fourth quarter'];

/** A number with two leading digits, between `low` and `high`, small ones as often as large ones. */
function round(choices: Choices, low: number, high: number): number {
  const value = low * (high / low) ** choices.next();
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / digit) * digit;
}

/** Price changes in steps, so that a magnitude has a clear meaning. */
function newPrice(choices: Choices, product: Product, direction: 1 | -1): EventFacts {
  const wanted = choices.pick([6, 12, 18, 27, 35, 45]);
  const oldPrice = product.price;
  const near = niceAbout(oldPrice * (1 + (direction * wanted) / 100));
  const price = near === oldPrice ? oldPrice + direction : near;
  const percent = Math.max(1, Math.round((Math.abs(price - oldPrice) / oldPrice) * 100));
  return { product: product.name, noun: product.noun, unit: product.unit, price, oldPrice, percent };
}

/** What an event can build on. */
export interface Ground {
  /** A product that the company sells at the time. */
  readonly product: Product;
  /** The product that a launch adds. */
  readonly next: Product;
  readonly newName: string;
  /** The names of rivals, which can be plaintiffs. */
  readonly rivals: readonly string[];
}

type Draw = (choices: Choices, ground: Ground) => EventFacts;

const DRAWS: Readonly<Record<EventKind, Draw>> = {
  launch: (_, { next }) => ({ product: next.name, noun: next.noun, unit: next.unit, price: next.price }),
  'price-cut': (choices, { product }) => newPrice(choices, product, -1),
  'price-rise': (choices, { product }) => newPrice(choices, product, 1),
  funding: (choices) => ({
    amount: round(choices, 4e7, 6e9),
    investor: choices.pick(INVESTORS),
    purpose: choices.pick(PURPOSES),
  }),
  hire: (choices) => ({ people: round(choices, 40, 6_000), city: choices.pick(CITIES), team: choices.pick(TEAMS) }),
  layoffs: (choices) => ({ people: round(choices, 60, 12_000), share: choices.pick([1, 2, 4, 7, 11, 16]) }),
  deal: (choices) => ({
    partner: choices.pick(PARTNERS),
    ...(choices.chance(0.65) ? { amount: round(choices, 5e7, 2e10) } : { years: choices.pick([2, 3, 5, 7, 10]) }),
  }),
  lawsuit: (choices, { rivals }) => ({
    plaintiff: choices.pick([...rivals, ...choices.sample(PARTNERS, 2), 'the state of Ohio']),
    court: choices.pick(COURTS),
    claim: choices.pick(CLAIMS),
    amount: round(choices, 5e6, 3e9),
  }),
  outage: (choices, { product }) => ({
    product: product.name,
    hours: choices.pick([2, 3, 5, 9, 14, 26]),
    share: choices.pick([5, 15, 30, 60]),
  }),
  results: (choices) => ({
    quarter: choices.pick(QUARTERS),
    revenue: round(choices, 4e8, 4e10),
    percent: choices.pick([1, 3, 6, 9, 14, 22]),
    moved: choices.chance(0.65) ? 'up' : 'down',
    eps: choices.between(20, 690) / 100,
  }),
  'officer-change': (choices) => {
    const [person = '', predecessor = ''] = choices.sample(PEOPLE, 2);
    return { person, predecessor, role: choices.pick(ROLES) };
  },
  rename: (_, { newName }) => ({ newName }),
};

export const drawFacts = (kind: EventKind, choices: Choices, ground: Ground): EventFacts =>
  DRAWS[kind](choices, ground);

export const spokesperson = (choices: Choices): string => choices.pick(PEOPLE);

/** How many of the bounds a number reaches, from 1 to 5. */
const step = (value: number, bounds: readonly [number, number, number, number]): number =>
  1 + bounds.filter((bound) => value >= bound).length;

/** How large an event is, from 1 to 5, by its numbers alone. SPECIFICATION.md has the same bounds. */
export function magnitudeOf(kind: EventKind, facts: EventFacts): number {
  const { percent = 0, amount = 0, people = 0, hours = 0, years = 0, role = '' } = facts;
  switch (kind) {
    case 'price-cut':
    case 'price-rise':
      return step(percent, [10, 15, 25, 40]);
    case 'funding':
    case 'lawsuit':
      return step(amount, [1e8, 3e8, 1e9, 2e9]);
    case 'deal':
      return years > 0 ? step(years, [3, 5, 7, 11]) : step(amount, [2e8, 1e9, 4e9, 1e10]);
    case 'hire':
    case 'layoffs':
      return step(people, [200, 800, 2_500, 5_000]);
    case 'outage':
      return step(hours, [3, 6, 12, 24]);
    case 'results':
      return step(percent, [3, 6, 12, 20]);
    case 'officer-change':
      return role === 'chief executive officer' ? 5 : role === 'general counsel' ? 2 : 3;
    case 'launch':
      return 3;
    case 'rename':
      return 2;
  }
}
