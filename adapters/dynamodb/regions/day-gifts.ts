import type { Amount, DayCounter, DayLimit } from '#core/budgets/day-budget.ts';
import { giftOf, limitOfPart, NO_GIFT, plus } from '#core/regions/day-gifts.ts';
import type { RegionIndex } from '#core/regions/epoch.ts';
import { readItem, type Item } from '../conditional-put.ts';
import { added, gaveOf, storedSum, type CounterItem } from '../day-counter.ts';
import { daySpendKey } from '../state-table.ts';
import type { RegionParts } from './region-parts.ts';
import { keyInRegion } from './writer-of-key.ts';

/** What the other regions give to this one of a day's budget. */
export interface DayGifts {
  /** What this process knows that its region was given, by each giver. */
  given(counter: DayCounter): readonly Amount[];
  /** Finds or gets more. Returns whether there is more than before. */
  ask(limit: DayLimit, lacking: Amount, now: number): Promise<boolean>;
}

/** A region without room asks the others this often at most: each question is two requests to each of them. */
const ASK_EVERY_MS = 5_000;
/** Counters that a process remembers: of those that ran out of room today. What is forgotten is read again. */
const MOST_KNOWN = 1_000;

interface Known {
  readonly by: Map<RegionIndex, Amount>;
  askedAt: number;
}

/**
 * Asks the givers themselves: each gives by one conditional write of its own counter, in its own replica, which this process
 * sends there. A gift whose answer is lost was given all the same, and is found when the giver's counter has arrived here.
 */
export function dayGifts({ regions, clients }: Pick<RegionParts, 'regions' | 'clients'>): DayGifts {
  const memory = new Map<string, Known>();
  const others = regions.all.flatMap((_, index) => (index === regions.index ? [] : [index]));
  /** A region's counter, in the replica of another region or its own. */
  const itemOf = (giver: RegionIndex, counter: DayCounter, replica: RegionIndex): CounterItem => {
    const { pk, sk } = daySpendKey(counter);
    const own = keyInRegion(sk, { index: giver, here: regions.names[giver] ?? '' });
    return { client: clients(replica), table: regions.stateTable, key: { pk: { S: pk }, sk: { S: own } } };
  };
  const read = async (giver: RegionIndex, counter: DayCounter, replica: RegionIndex): Promise<Item | null> => {
    const item = itemOf(giver, counter, replica);
    return readItem(item, item.key);
  };
  const give = async (giver: RegionIndex, limit: DayLimit, lacking: Amount, now: number): Promise<Item | null> => {
    const stored = await read(giver, limit.counter, giver);
    const part = limitOfPart(limit, regions.all.length, []);
    const gift = giftOf(part, storedSum(stored).held, lacking);
    return gift && added(itemOf(giver, limit.counter, giver), part, gift, now, regions.here);
  };
  return {
    given: (counter) => [...(memory.get(nameOf(counter))?.by.values() ?? [])],
    async ask(limit, lacking, now) {
      const { counter } = limit;
      const known = noted(memory, counter);
      const before = sumOf(known);
      // What others gave before, to another process or without an answer.
      for (const giver of others)
        noteGiven(known, giver, gaveOf(await read(giver, counter, regions.index), regions.here));
      if (covers(before, known, lacking)) return true;
      if (now - known.askedAt >= ASK_EVERY_MS) {
        known.askedAt = now;
        for (const giver of others) {
          // A region that cannot be reached gives nothing.
          const item = await give(giver, limit, missing(before, known, lacking), now).catch(() => null);
          if (item) noteGiven(known, giver, gaveOf(item, regions.here));
          if (covers(before, known, lacking)) return true;
        }
      }
      return isMore(before, sumOf(known));
    },
  };
}

const nameOf = ({ of, name, day }: DayCounter): string => `${day} ${of} ${name}`;

const sumOf = ({ by }: Known): Amount => [...by.values()].reduce(plus, NO_GIFT);

function noted(memory: Map<string, Known>, counter: DayCounter): Known {
  const name = nameOf(counter);
  const known = memory.get(name) ?? { by: new Map(), askedAt: -Infinity };
  memory.delete(name);
  memory.set(name, known);
  const [oldest] = memory.keys();
  if (memory.size > MOST_KNOWN && oldest !== undefined) memory.delete(oldest);
  return known;
}

/** Sums of gifts only grow, so the larger one is newer. */
function noteGiven({ by }: Known, giver: RegionIndex, given: Amount): void {
  const before = by.get(giver) ?? NO_GIFT;
  by.set(giver, { usd: Math.max(before.usd, given.usd), tokens: Math.max(before.tokens, given.tokens) });
}

/** What is lacking still, after what came since. */
function missing(before: Amount, known: Known, lacking: Amount): Amount {
  const now = sumOf(known);
  return {
    usd: Math.max(0, lacking.usd - (now.usd - before.usd)),
    tokens: Math.max(0, lacking.tokens - (now.tokens - before.tokens)),
  };
}

function covers(before: Amount, known: Known, lacking: Amount): boolean {
  const { usd, tokens } = missing(before, known, lacking);
  return usd < 1e-10 && tokens === 0;
}

const isMore = (before: Amount, now: Amount): boolean => now.usd > before.usd || now.tokens > before.tokens;
