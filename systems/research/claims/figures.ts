import { plain } from './quotes.ts';

/** The figures of a quote by unit, such as `$` or `people`. */
export type Figures = ReadonlyMap<string, ReadonlySet<number>>;

const MONEY = /([$€£])\s?(\d[\d,]*(?:\.\d+)?)\s?(thousand|million|billion|trillion|k\b|m\b|bn\b|b\b)?/gi;
const SHARE = /(\d+(?:\.\d+)?)\s?(?:%|percent\b|per cent\b)/gi;
const NUMBER_WORDS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const COUNT = new RegExp(
  String.raw`\b(\d[\d,]*|${NUMBER_WORDS.join('|')})[ -](?:\w+ ){0,2}?(hours?|people|jobs|positions|roles|posts|openings|vacancies|employees|colleagues|workers|engineers|staff|hires)\b`,
  'gi',
);
const FACTORS: Readonly<Record<string, number>> = {
  thousand: 1e3,
  k: 1e3,
  million: 1e6,
  m: 1e6,
  billion: 1e9,
  bn: 1e9,
  b: 1e9,
  trillion: 1e12,
};

/** The amounts of money, the shares, hours and numbers of people of a text. Other numbers may be anything: years, versions. */
export function figuresOf(text: string): Figures {
  const figures = new Map<string, Set<number>>();
  const add = (unit: string, value: number): void => {
    figures.set(unit, (figures.get(unit) ?? new Set()).add(value));
  };
  const words = plain(text);
  for (const [, currency = '', digits = '', suffix = ''] of words.matchAll(MONEY))
    add(scaleOf(currency, suffix), numberOf(digits) * (FACTORS[suffix.toLowerCase()] ?? 1));
  for (const [, digits = ''] of words.matchAll(SHARE)) add('%', numberOf(digits));
  for (const [, number = '', unit = ''] of words.matchAll(COUNT))
    add(/^hour/i.test(unit) ? 'hours' : 'people', numberOf(number));
  return figures;
}

/** A price of a product and the money that a company makes are not the same thing. */
const scaleOf = (currency: string, suffix: string): string => (suffix === '' ? currency : `${currency} in millions`);

function numberOf(digits: string): number {
  const at = NUMBER_WORDS.indexOf(digits.toLowerCase());
  return at >= 0 ? at + 1 : Number(digits.replaceAll(',', ''));
}

/** Whether two texts have a figure in common. */
export const sharesFigure = (a: Figures, b: Figures): boolean =>
  [...a].some(([unit, values]) => [...values].some((value) => b.get(unit)?.has(value) === true));
