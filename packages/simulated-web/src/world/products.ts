import { Choices } from '../random.ts';
import type { Company } from './companies.ts';

/** Something that a company sells, with the price that it had before the first event. */
export interface Product {
  readonly name: string;
  /** What it is, such as `payment service`. */
  readonly noun: string;
  /** US dollars. */
  readonly price: number;
  /** What the price is for, such as `a month`. */
  readonly unit: string;
}

interface Range {
  readonly nouns: readonly string[];
  readonly words: readonly string[];
  readonly unit: string;
  readonly low: number;
  readonly high: number;
}

const RANGES: Readonly<Record<string, Range>> = {
  Industrials: {
    nouns: ['compressor', 'service contract', 'loader', 'monitoring system'],
    words: ['Drive', 'Lift', 'Works', 'Guard'],
    unit: 'a unit',
    low: 900,
    high: 48_000,
  },
  Financials: {
    nouns: ['account', 'payment service', 'insurance policy', 'card'],
    words: ['Pay', 'Cover', 'Account', 'Card'],
    unit: 'a month',
    low: 4,
    high: 90,
  },
  'Information Technology': {
    nouns: ['platform', 'security service', 'database', 'development tool'],
    words: ['Cloud', 'Base', 'Shield', 'Studio'],
    unit: 'a seat and month',
    low: 8,
    high: 240,
  },
  'Health Care': {
    nouns: ['test kit', 'monitor', 'infusion pump', 'care program'],
    words: ['Care', 'Scan', 'Dose', 'Trace'],
    unit: 'a unit',
    low: 40,
    high: 9_000,
  },
  'Consumer Discretionary': {
    nouns: ['membership', 'shoe', 'kitchen appliance', 'booking service'],
    words: ['Club', 'Stride', 'Home', 'Trip'],
    unit: 'a piece',
    low: 19,
    high: 480,
  },
  'Consumer Staples': {
    nouns: ['detergent', 'snack', 'drink', 'skin cream'],
    words: ['Fresh', 'Bite', 'Sip', 'Soft'],
    unit: 'a pack',
    low: 3,
    high: 40,
  },
  Utilities: {
    nouns: ['power tariff', 'heating plan', 'charging plan'],
    words: ['Power', 'Warm', 'Charge', 'Flow'],
    unit: 'a month',
    low: 25,
    high: 210,
  },
  'Real Estate': {
    nouns: ['storage plan', 'office lease', 'parking plan'],
    words: ['Space', 'Desk', 'Park', 'Store'],
    unit: 'a month',
    low: 60,
    high: 1_900,
  },
  Materials: {
    nouns: ['coating', 'resin', 'packaging film', 'cement'],
    words: ['Coat', 'Bond', 'Film', 'Stone'],
    unit: 'a ton',
    low: 180,
    high: 4_200,
  },
  'Communication Services': {
    nouns: ['streaming service', 'mobile plan', 'advertising package'],
    words: ['Stream', 'Talk', 'Reach', 'Play'],
    unit: 'a month',
    low: 6,
    high: 120,
  },
  Energy: {
    nouns: ['fuel card', 'drilling service', 'lubricant'],
    words: ['Fuel', 'Bore', 'Glide', 'Spark'],
    unit: 'a month',
    low: 30,
    high: 2_400,
  },
};

const FIRST = [
  'Alder', 'Amber', 'Argent', 'Atlas', 'Beacon', 'Birch', 'Brio', 'Cedar', 'Cobalt', 'Comet', 'Coral', 'Crest', 'Delta',
  'Ember', 'Falcon', 'Fjord', 'Garnet', 'Harbor', 'Hazel', 'Indigo', 'Ivory', 'Juniper', 'Kestrel', 'Lumen', 'Maple',
  'Meridian', 'Nimbus', 'Onyx', 'Opal', 'Orchid', 'Pico', 'Quartz', 'Raven', 'Rowan', 'Saffron', 'Sierra', 'Solstice',
  'Tandem', 'Topaz', 'Umber', 'Verve', 'Vista', 'Willow', 'Zenith',
]; // prettier-ignore

export function rangeOf(company: Company): Range {
  const range = RANGES[company.sector];
  if (range === undefined) throw new Error(`The sector ${company.sector} has no products.`);
  return range;
}

/** The name, kind and price of the `index`th product that a company ever has. */
export function productOf(seed: number, company: Company, index: number): Product {
  const { nouns, words, unit, low, high } = rangeOf(company);
  // The first words follow each other in an order of the company, so that no two of its products share a name.
  const order = new Choices(`${seed}/${company.id}/words`).sample(FIRST, FIRST.length);
  const choices = new Choices(`${seed}/${company.id}/product/${index}`);
  const turn = Math.floor(index / FIRST.length);
  const name = `${order[index % FIRST.length]} ${choices.pick(words)}${turn === 0 ? '' : ` ${turn + 1}`}`;
  return { name, noun: choices.pick(nouns), unit, price: niceAbout(low * (high / low) ** choices.next()) };
}

/** A price as shops write it, near `amount`. */
export function niceAbout(amount: number): number {
  if (amount < 20) return Math.max(1, Math.round(amount * 2) / 2 - 0.01);
  if (amount < 100) return Math.round(amount);
  if (amount < 1_000) return Math.round(amount / 5) * 5;
  return Math.round(amount / 50) * 50;
}

// One formatter for all: to make one takes longer than to write a page.
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** 1,200 */
export const grouped = (value: number): string => WHOLE.format(value);
export const dollars = (amount: number): string => `$${(Number.isInteger(amount) ? WHOLE : CENTS).format(amount)}`;
