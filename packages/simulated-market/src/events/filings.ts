import { EXCHANGES } from '../calendar/exchanges.ts';
import { zonedText } from '../calendar/zones.ts';
import type { Instrument } from '../instruments/instruments.ts';
import type { World } from '../plan/world.ts';
import { say } from '../prose/fill.ts';
import type { FilingTopic } from '../prose/types.ts';
import { Choices } from '../random.ts';
import { sources, type Item } from './item.ts';

interface Form {
  readonly form: string;
  readonly topic: FilingTopic;
  readonly items: readonly string[];
}

const eightK = (topic: FilingTopic, ...items: string[]): Form => ({ form: '8-K', topic, items });
const plain = (form: string, topic: FilingTopic): Form => ({ form, topic, items: [] });

/** Of 100 filings, roughly: forms 4 lead, as on a real day. None of these is urgent. */
const MIX: readonly (readonly [number, Form])[] = [
  [36, plain('4', '4')],
  [10, plain('144', '144')],
  [12, plain('424B2', '424B2')],
  [9, plain('SC 13G', 'SC 13G')],
  [9, plain('10-Q', '10-Q')],
  [7, eightK('2.02', '2.02', '9.01')],
  [5, eightK('5.02', '5.02')],
  [5, eightK('7.01', '7.01', '9.01')],
  [4, eightK('8.01', '8.01')],
  [3, eightK('1.01', '1.01', '2.03')],
];
const WHOLE = MIX.reduce((sum, [weight]) => sum + weight, 0);
const AMENDED = 0.06;
const TWO_ENTRIES = 0.15;

/** Entries of the feed of new filings in a slot: `count`, or one more when the last filing comes for two subjects. */
export function* filingsIn(
  world: World,
  slot: { number: number; from: number; ms: number },
  count: number,
): Generator<Item> {
  const choices = new Choices(`${world.key}/filings/${slot.number}`);
  for (let made = 0, index = 0; made < count; index += 1) {
    const instrument = choices.pick(world.instruments);
    const kind = pickForm(choices);
    const amends = kind.form !== '4' && choices.chance(AMENDED);
    const form = amends ? { ...kind, form: `${kind.form}/A`, topic: 'amended' as const } : kind;
    const time = slot.from + choices.next() * slot.ms;
    const entries = filingEntries(world, instrument, form, {
      time,
      accession: accessionOf(world, choices.between(1, 9_999_999), slot.number * 1_000 + index),
      choices,
    });
    yield* entries;
    made += entries.filter(({ repeat }) => repeat !== 'same').length;
  }
}

/** One filing. EDGAR's feed has an entry for each role, all with the same accession number. */
export function filingEntries(
  world: World,
  instrument: Instrument,
  { form, topic, items }: Form,
  { time, accession, choices, urgent = false }: { time: number; accession: string; choices: Choices; urgent?: boolean },
): Item[] {
  const { prose, injected } = world.set;
  const slots = { company: instrument.company, ticker: instrument.ticker };
  const body = say(prose.filings[topic], slots, choices);
  const text = !urgent && choices.chance(injected) ? `${body} ${say(prose.injections, slots, choices)}` : body;
  const second = Math.floor(time / 1_000) * 1_000;
  const folder = accession.replaceAll('-', '');
  const entry: Item = {
    at: Math.floor(time) + choices.between(1_000, 50_000),
    source: sources.edgar,
    id: accession,
    type: 'market.filing.v1',
    subject: instrument.subject,
    time: zonedText(second, EXCHANGES.XNYS.zone),
    protected: urgent,
    data: {
      ticker: instrument.ticker,
      form,
      accessionNumber: accession,
      items,
      ...(form === '4' && { insiderUsd: Math.round(choices.normal() * 300_000) - 100_000 }),
      text,
      url: `https://www.sec.test/Archives/edgar/data/${Number(instrument.cik)}/${folder}/${accession}-index.htm`,
    },
  };
  if (form === '4') return [entry, ownerEntry(entry, choices)];
  return urgent || choices.chance(TWO_ENTRIES) ? [entry, sameAgain(entry)] : [entry];
}

/** The entry of the person who reports: the same filing below a number that is no company's. */
const ownerEntry = (entry: Item, choices: Choices): Item => ({
  ...entry,
  at: entry.at + 1,
  subject: `cik:0009${String(choices.between(0, 999_999)).padStart(6, '0')}`,
  repeat: 'other-subject',
});

const sameAgain = (entry: Item): Item => ({ ...entry, at: entry.at + 1, repeat: 'same' });

export const accessionOf = ({ options }: World, agent: number, number: number): string =>
  `${String(agent).padStart(10, '0')}-${options.day.slice(2, 4)}-${String(number).padStart(6, '0')}`;

function pickForm(choices: Choices): Form {
  let left = choices.next() * WHOLE;
  for (const [weight, form] of MIX) {
    left -= weight;
    if (left < 0) return form;
  }
  return plain('4', '4');
}
