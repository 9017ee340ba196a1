import { EXCHANGES } from '../calendar/exchanges.ts';
import { zonedTime } from '../calendar/zones.ts';
import type { World } from '../plan/world.ts';
import { say } from '../prose/fill.ts';
import { Choices, longHash } from '../random.ts';
import { sources, type Item } from './item.ts';

/** Releases of the economy: subject, name, unit, usual value, one deviation of surprises, and the time in New York. */
const RELEASES = [
  ['us.cpi', 'US consumer prices, year on year', 'percent', 3.1, 0.1, '08:30'],
  ['us.nonfarm-payrolls', 'US nonfarm payrolls', 'thousand jobs', 160, 60, '08:30'],
  ['us.jobless-claims', 'US initial jobless claims', 'thousand', 225, 8, '08:30'],
  ['us.retail-sales', 'US retail sales, month on month', 'percent', 0.3, 0.3, '08:30'],
  ['us.industrial-production', 'US industrial production, month on month', 'percent', 0.2, 0.3, '09:15'],
  ['us.consumer-sentiment', 'US consumer sentiment', 'index points', 71, 2.1, '10:00'],
  ['us.crude-stocks', 'US crude oil stocks, change', 'million barrels', -1.2, 3, '10:30'],
  ['us.fed-funds', 'US federal funds rate, upper bound', 'percent', 4, 0.05, '14:00'],
] as const;

/** One in a few is a surprise of more than three deviations. */
const SURPRISE = 0.2;
const RATINGS_PER_100 = 25;
const EARNINGS_PER_100 = 8;
const GRADES = ['sell', 'underweight', 'hold', 'overweight', 'buy'] as const;

/** What comes at set times of a day: macro releases, ratings before the open, results before it and after the close. */
export function* calendarItems(world: World): Generator<Item> {
  const choices = new Choices(`${world.key}/calendar`);
  for (const release of RELEASES) yield macroItem(world, release, choices);
  const { length } = world.instruments;
  for (let index = 0; index < (length * RATINGS_PER_100) / 100; index += 1) yield ratingItem(world, choices);
  const reporting = choices.sample(world.instruments, (length * EARNINGS_PER_100) / 100);
  for (const instrument of reporting) yield earningsItem(world, instrument, choices);
}

function macroItem(world: World, release: (typeof RELEASES)[number], choices: Choices): Item {
  const [name, indicator, unit, usual, deviation, clock] = release;
  const round = (value: number): number => Math.round(value * 100) / 100;
  const previous = round(usual + choices.normal() * deviation);
  const expected = round(usual + choices.normal() * deviation * 0.3);
  const size = choices.chance(SURPRISE) ? 3.4 : choices.next() * 1.5;
  const actual = round(expected + size * deviation * (choices.chance(0.5) ? 1 : -1));
  const time = zonedTime(world.options.day, clock, EXCHANGES.XNYS.zone);
  const slots = { indicator, actual: String(actual), expected: String(expected), previous: String(previous), unit };
  return {
    at: time + choices.between(100, 900),
    source: sources.macro,
    id: `${name}.${world.options.day}`,
    type: 'market.macro.v1',
    subject: `macro:${name}`,
    time,
    data: {
      indicator,
      actual,
      expected,
      previous,
      surpriseDeviation: deviation,
      unit,
      text: say(world.set.prose.macro, slots, choices),
    },
  };
}

function ratingItem(world: World, choices: Choices): Item {
  const { subject, ticker, company, cik, level } = choices.pick(world.instruments);
  const before = choices.between(0, 4);
  const after = Math.min(4, Math.max(0, before + choices.between(-2, 2)));
  const firm = choices.pick(world.set.prose.firms);
  const [from, to] = [GRADES[before] ?? 'hold', GRADES[after] ?? 'hold'];
  const time = Math.floor(world.session.open - choices.next() * 10_800_000);
  const targetFrom = Math.round(level * choices.within([0.9, 1.3]));
  return {
    at: time + choices.between(200, 5_000),
    source: sources.ratings,
    id: longHash(`${cik}/${firm}/${time}`),
    type: 'market.rating.v1',
    subject,
    time,
    data: {
      ticker,
      firm,
      from,
      to,
      steps: after - before,
      targetFrom,
      targetTo: Math.max(1, Math.round(targetFrom * (1 + (after - before) * 0.06))),
      text: say(
        world.set.prose.ratings,
        {
          firm,
          company,
          ticker,
          from,
          to,
        },
        choices,
      ),
    },
  };
}

function earningsItem(world: World, instrument: World['instruments'][number], choices: Choices): Item {
  const { subject, ticker, company, cik, level } = instrument;
  const round = (value: number): number => Math.round(value * 100) / 100;
  const epsExpected = round(level * 0.012);
  const epsActual = round(epsExpected * (1 + choices.normal() * 0.08));
  const revenueExpected = Math.round(choices.within([1e9, 3e10]) / 1e6) * 1e6;
  const early = choices.chance(0.5);
  const { open, close } = world.session;
  const time = Math.floor(
    early ? open - choices.within([1, 3]) * 3_600_000 : close + choices.within([0.1, 2]) * 3_600_000,
  );
  const period = `Q${Math.ceil(Number(world.options.day.slice(5, 7)) / 3)} ${world.options.day.slice(0, 4)}`;
  const slots = { company, ticker, period, eps: String(epsActual), expected: String(epsExpected) };
  return {
    at: time + choices.between(200, 5_000),
    source: sources.earnings,
    id: `${cik}.${world.options.day}`,
    type: 'market.earnings.v1',
    subject,
    time,
    data: {
      ticker,
      period,
      epsActual,
      epsExpected,
      revenueExpected,
      revenueActual: Math.round((revenueExpected * (1 + choices.normal() * 0.03)) / 1e6) * 1e6,
      text: say(world.set.prose.earnings, slots, choices),
    },
  };
}
