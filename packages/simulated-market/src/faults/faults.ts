import { encode } from '../events/encode.ts';
import type { Item } from '../events/item.ts';
import type { World } from '../plan/world.ts';
import { Choices } from '../random.ts';
import { extraRecord, type ExtraFault } from './broken.ts';
import type { FaultName } from './names.ts';

/** A record and what it is, for the counts. */
export interface Made {
  readonly at: number;
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly item: Item | null;
  readonly sequence: number | null;
  readonly is: 'event' | 'duplicate' | 'rejected' | 'future';
  readonly fault: FaultName | null;
}

/** More than the bars of one time are apart. */
const AFTER_NEXT_MS = 950;
/** Events of stories are repeated more often: an alert must not come twice. */
const REPEATS_OF_STORIES = 10;

const extras = ['wrong-symbol', 'malformed', 'unknown-type', 'unknown-version', 'bad-price', 'huge', 'future'] as const;

/** The records of an item: itself, perhaps late or twice, and perhaps one that is no valid event. */
export function* recordsOf(
  world: World,
  item: Item,
  sequence: number | null,
  number: number,
  held: boolean,
): Generator<Made> {
  const choices = new Choices(`${world.key}/fault/${number}`);
  const rates = world.options.faults;
  const fault = held ? 'reordered' : faultOf(item, sequence, rates, choices);
  const delayed = { ...item, at: item.at + delayOf(world, fault, choices) };
  const skewed = fault === 'clock-skew' ? skew(delayed, choices) : delayed;
  const is = item.repeat === 'same' ? 'duplicate' : 'event';
  const made: Made = {
    at: skewed.at,
    key: item.subject,
    bytes: encode(skewed, sequence),
    item: skewed,
    sequence,
    is,
    fault,
  };
  yield made;
  if (fault === 'duplicate') yield { ...made, at: made.at + choices.between(5, 2_000), is: 'duplicate', fault: null };
  if (fault === 'late-duplicate') {
    yield { ...made, at: made.at + choices.between(600_000, 10_800_000), is: 'duplicate', fault: null };
  }
  for (const extra of extras) {
    const happens = extra === 'huge' ? isTurn(rates.huge, number) : choices.chance(rates[extra]);
    if (happens) yield extraMade(extra, item, number, choices);
  }
}

/** Once in a number of events, not by chance: a day has few, and should have one. */
const isTurn = (rate: number, number: number): boolean =>
  rate > 0 && number % Math.round(1 / rate) === Math.floor(0.5 / rate);

function extraMade(fault: ExtraFault, model: Item, number: number, choices: Choices): Made {
  const { bytes, item, subject } = extraRecord(fault, model, number, choices);
  const is = fault === 'wrong-symbol' ? 'event' : fault === 'future' ? 'future' : 'rejected';
  return { at: model.at + 1, key: subject, bytes, item, sequence: null, is, fault };
}

function faultOf(
  item: Item,
  sequence: number | null,
  rates: World['options']['faults'],
  choices: Choices,
): FaultName | null {
  const [often, calm] = item.protected === true ? [REPEATS_OF_STORIES, false] : [1, true];
  const possible: readonly (readonly [FaultName, number])[] = [
    ['duplicate', rates.duplicate * often],
    ['late-duplicate', rates['late-duplicate'] * often],
    ['reordered', calm && sequence !== null ? rates.reordered : 0],
    ['gap', calm && sequence !== null ? rates.gap : 0],
    ['clock-skew', calm && sequence === null && typeof item.time === 'number' ? rates['clock-skew'] : 0],
  ];
  let left = choices.next();
  for (const [name, rate] of possible) {
    left -= rate;
    if (left < 0) return name;
  }
  return null;
}

function delayOf({ barMs }: World, fault: FaultName | null, choices: Choices): number {
  if (fault === 'reordered') return barMs + AFTER_NEXT_MS;
  if (fault === 'gap') return barMs * choices.between(2, 8) + AFTER_NEXT_MS;
  return 0;
}

const skew = (item: Item, choices: Choices): Item => ({
  ...item,
  time: (item.time as number) + choices.between(20_000, 120_000) * (choices.chance(0.5) ? 1 : -1),
});
