import type { Slots } from '../prose/fill.ts';
import type { Choices } from '../random.ts';
import { longDate, monthOf, weekdayOf } from '../world/calendar.ts';
import type { Company } from '../world/companies.ts';
import { spokesperson } from '../world/draw.ts';
import type { EventFacts, Happening } from '../world/events.ts';
import { dollars, grouped, rangeOf } from '../world/products.ts';

const HOURS: Readonly<Record<number, string>> = {
  2: 'two hours',
  3: 'three hours',
  5: 'five hours',
  9: 'nine hours',
  14: '14 hours',
  26: '26 hours',
};
const YEARS: Readonly<Record<number, string>> = { 2: 'two', 3: 'three', 5: 'five', 7: 'seven', 10: 'ten' };

/** $450 million */
export function money(amount: number): string {
  const [divisor, word] = amount >= 1e9 ? [1e9, 'billion'] : [1e6, 'million'];
  return `$${grouped(amount / divisor)} ${word}`;
}

type Written = (facts: EventFacts) => string | undefined;
const text =
  <T>(name: (facts: EventFacts) => T | undefined, write: (value: T) => string): Written =>
  (facts) => {
    const value = name(facts);
    return value === undefined ? undefined : write(value);
  };

const FACTS: Readonly<Record<string, Written>> = {
  price: text(({ price }) => price, dollars),
  oldPrice: text(({ oldPrice }) => oldPrice, dollars),
  percent: text(
    ({ percent }) => percent,
    (value) => `${value}%`,
  ),
  amount: text(({ amount }) => amount, money),
  revenue: text(({ revenue }) => revenue, money),
  people: text(({ people }) => people, grouped),
  share: text(
    ({ share }) => share,
    (value) => `${value}%`,
  ),
  hours: text(
    ({ hours }) => hours,
    (value) => HOURS[value] ?? `${value} hours`,
  ),
  years: text(
    ({ years }) => years,
    (value) => YEARS[value] ?? String(value),
  ),
  eps: text(({ eps }) => eps, dollars),
};

/** What can be said of a company at any time. */
export const companySlots = (
  company: Company,
  { name, shortName }: { readonly name: string; readonly shortName: string },
  choices: Choices,
): Slots => ({
  company: name,
  shortName,
  ticker: company.ticker,
  home: company.city,
  founded: company.founded,
  industry: company.industry.toLowerCase(),
  noun: rangeOf(company).nouns[0],
  spokesperson: spokesperson(choices),
});

/** What can be said of an event. `facts` in place of its own make a story that is wrong. */
export function eventSlots(happening: Happening, choices: Choices, facts: EventFacts = happening.facts): Slots {
  const written = Object.entries(FACTS).map(([name, write]) => [name, write(facts)] as const);
  const plain = Object.entries(facts).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    ...companySlots(happening.company, happening, choices),
    ...Object.fromEntries(plain),
    ...Object.fromEntries(written),
    rival: happening.rivals[0]?.name,
    rivalProduct: happening.rivalProducts[0],
    weekday: weekdayOf(happening.at),
    month: monthOf(happening.at),
    longDate: longDate(happening.at),
  };
}
