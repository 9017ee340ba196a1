import { bytesOf, encode, envelopeOf } from '../events/encode.ts';
import { sources, type Item } from '../events/item.ts';
import type { Choices } from '../random.ts';

/** Room for the partition key: a record of Kinesis has at most 1 MiB with it. */
const HUGE_BYTES = 1_048_576 - 256;
const DAY_MS = 86_400_000;

/** Faults that add a record. All but `wrong-symbol` and `future` are to be rejected. */
export type ExtraFault =
  | 'wrong-symbol'
  | 'malformed'
  | 'unknown-type'
  | 'unknown-version'
  | 'bad-price'
  | 'huge'
  | 'future';

export interface Extra {
  readonly bytes: Uint8Array;
  /** The event, when the record is one. */
  readonly item: Item | null;
  readonly subject: string;
}

/** A record that only looks like `model`, with an id of its own. */
export function extraRecord(fault: ExtraFault, model: Item, number: number, choices: Choices): Extra {
  const item: Item = { ...model, id: `${fault}.${number}` };
  const { subject } = item;
  switch (fault) {
    case 'malformed':
      return { bytes: malformed(item, choices), item: null, subject };
    case 'unknown-type':
      return { bytes: encode({ ...item, type: 'market.option-trade.v1' }, null), item: null, subject };
    case 'unknown-version':
      return { bytes: encode({ ...item, type: item.type.replace(/v1$/, 'v2') }, null), item: null, subject };
    case 'bad-price':
      return { bytes: badPrice(item, choices), item: null, subject };
    case 'huge':
      return { bytes: huge(item), item: null, subject };
    case 'wrong-symbol': {
      const stranger = `cik:0009${String(choices.between(0, 999_999)).padStart(6, '0')}`;
      const data = { ...plainBar(item), ticker: 'ZZZZ' };
      const wrong = { ...item, source: sources.bars, type: 'market.bar.v1', subject: stranger, data };
      return { bytes: encode(wrong, null), item: wrong, subject: stranger };
    }
    case 'future': {
      const later = { ...item, time: item.at + Math.floor(choices.within([1, 3]) * DAY_MS) };
      return { bytes: encode(later, null), item: later, subject };
    }
  }
}

function malformed(item: Item, choices: Choices): Uint8Array {
  const text = JSON.stringify(envelopeOf(item, null));
  const kinds = [
    () => bytesOf(text.slice(0, choices.between(10, text.length - 2))),
    () => Uint8Array.from({ length: 64 }, () => choices.between(0x80, 0xff)),
    () => bytesOf(`[${text}]`),
    () => bytesOf(text.replace('"specversion":"1.0"', '"specversion":"9.9"')),
    () => bytesOf('heartbeat'),
  ];
  return choices.pick(kinds)();
}

/** `NaN` is no JSON; `1e999` is, and too large for a number. */
function badPrice(item: Item, choices: Choices): Uint8Array {
  const bar = { ...item, source: sources.bars, type: 'market.bar.v1', data: { ...plainBar(item), close: 'PRICE' } };
  const price = choices.pick(['NaN', '-12.5', '0', 'null', '1e999', '"12.5"']);
  return bytesOf(JSON.stringify(envelopeOf(bar, null)).replace('"PRICE"', price));
}

function huge(item: Item): Uint8Array {
  const news = { ...item, source: sources.news, type: 'market.news.v1' };
  const data = { tickers: [], headline: 'Full text', summary: '', url: 'https://news.test/full', outlet: 'Long Reads' };
  const empty = encode({ ...news, data }, null).length;
  return encode({ ...news, data: { ...data, summary: 'x'.repeat(HUGE_BYTES - empty) } }, null);
}

const plainBar = ({ at }: Item): object => ({
  ticker: 'ZZZZ',
  start: new Date(at - 3e5).toISOString(),
  seconds: 300,
  revision: 0,
  open: 10,
  high: 10.1,
  low: 9.9,
  close: 10,
  previousClose: 10,
  volume: 1e3,
  currency: 'USD',
});
