import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FAULT_NAMES, NO_FAULTS, simulateMarket, type SimulatedMarket } from '../src/index.ts';
import { eventIn, smallDay, type StreamEvent } from './support.ts';

function digestOf(market: SimulatedMarket): string {
  const hash = createHash('sha256');
  for (const { at, key, bytes } of market.records()) hash.update(`${at} ${key} `).update(bytes);
  return hash.digest('hex');
}

const eventsOf = (market: SimulatedMarket): StreamEvent[] =>
  [...market.records()].map(eventIn).filter((event) => event !== null);

it('makes the same bytes for the same options, and others for another seed', () => {
  const market = smallDay({ seed: 1 });
  const first = digestOf(market);
  expect(digestOf(market)).toBe(first);
  expect(digestOf(smallDay({ seed: 1 }))).toBe(first);
  expect(digestOf(smallDay({ seed: 2 }))).not.toBe(first);
  expect(digestOf(smallDay({ seed: 1, set: 'second' }))).not.toBe(first);
});

describe('a day of 20,000 events', () => {
  const market = simulateMarket({ events: 20_000, seed: 5 });
  const records = [...market.records()];
  const counts = market.truth.counts();

  it('has at least the events that were asked for, in order of arrival', () => {
    const sum = Object.values(counts.events).reduce((one, other) => one + other, 0);
    expect(sum).toBeGreaterThanOrEqual(20_000);
    expect(sum).toBeLessThan(20_500);
    expect(records.map(({ at }) => at)).toEqual(records.map(({ at }) => at).sort((one, other) => one - other));
  });

  it('counts every record once', () => {
    const { events, duplicates, rejected, future } = counts;
    const sum = Object.values(events).reduce((one, other) => one + other, 0);
    expect(sum + duplicates + rejected + future).toBe(counts.records);
    expect(counts.records).toBe(records.length);
  });

  it('counts what a reader of the bytes counts', () => {
    const seen = new Set<string>();
    const highest = new Map<string, number>();
    let [late, duplicates] = [0, 0];
    for (const event of records.map(eventIn)) {
      if (event === null || /^(?:unknown|bad|huge|future)/.test(event.id)) continue;
      const { source, id, subject, sequence } = event;
      const key = `${source} ${id} ${subject}`;
      if (seen.has(key)) duplicates += 1;
      else if (Number(sequence ?? Infinity) < (highest.get(subject) ?? 0)) late += 1;
      seen.add(key);
      if (sequence !== undefined) highest.set(subject, Math.max(highest.get(subject) ?? 0, Number(sequence)));
    }
    expect({ late, duplicates }).toEqual({ late: counts.late, duplicates: counts.duplicates });
    expect(seen.size).toBe(Object.values(counts.events).reduce((one, other) => one + other, 0));
  });

  it('has every fault', () => {
    expect(FAULT_NAMES.filter((name) => counts.faults[name] === 0)).toEqual([]);
    expect(Math.max(...records.map(({ bytes }) => bytes.length))).toBe(1_048_576 - 256);
  });

  it('numbers the bars of an instrument without a gap', () => {
    const numbers = new Map<string, Set<number>>();
    for (const event of records.map(eventIn)) {
      if (event?.sequence === undefined) continue;
      const own = numbers.get(event.subject) ?? new Set();
      numbers.set(event.subject, own.add(Number(event.sequence)));
    }
    expect(numbers.size).toBe(market.instruments.length);
    expect([...numbers].filter(([, own]) => Math.max(...own) !== own.size)).toEqual([]);
  });

  it('sends the bars of all instruments within a second', () => {
    const end = market.session.open + 300_000;
    const bars = records.filter((record) => record.at >= end && record.at < end + 1_000).map(eventIn);
    const first = bars.filter((event) => event?.type === 'market.bar.v1' && Date.parse(event.time) === end);
    // Some are delayed.
    const came = new Set(first.map((event) => event?.subject)).size;
    expect(came).toBeGreaterThan(market.instruments.length * 0.97);
  });

  it('has one filing in several entries, and amendments', () => {
    const all = records.map(eventIn).filter((event) => event?.type === 'market.filing.v1');
    const filings = all.filter((event) => !event?.id.startsWith('future'));
    const byId = Map.groupBy(filings, (event) => event?.id);
    const entries = [...byId.values()].filter((same) => new Set(same.map((event) => event?.subject)).size > 1);
    expect(entries.length).toBeGreaterThan(50);
    expect(filings.some((event) => event?.data['form'] === '8-K/A')).toBe(true);
    expect(filings.every((event) => /-0[45]:00$/.test(event?.time ?? ''))).toBe(true);
  });
});

it('has no faults when they are switched off', () => {
  const { truth } = smallDay({ faults: NO_FAULTS });
  const { rejected, future, late, faults } = truth.counts();
  expect({ rejected, future }).toEqual({ rejected: 0, future: 0 });
  // The bars that show a slide come after the next bar on purpose.
  expect(late).toBe(faults.reordered);
  expect(late).toBeLessThan(5);
});

it('trades at the right times on both sides of a change of the clocks', () => {
  const firstBar = (day: string): string => {
    const bars = eventsOf(smallDay({ day, faults: NO_FAULTS })).filter(({ type }) => type === 'market.bar.v1');
    return bars.map(({ time }) => time).find((time) => time.startsWith(day)) ?? '';
  };
  expect(firstBar('2026-03-06')).toBe('2026-03-06T14:35:00.000Z');
  expect(firstBar('2026-03-09')).toBe('2026-03-09T13:35:00.000Z');
});

it.each([
  [{ day: '2026-11-26' }, 'The next session is on 2026-11-27'],
  [{ day: '2028-03-01' }, 'Choose a day from 2025 to 2027'],
  [{ urgent: 60, held: ['cik:0000320193'] }, 'Lower urgent or add to held'],
  [{ events: 1 }, 'events'],
])('explains wrong options: %j', (options, message) => {
  expect(() => simulateMarket(options)).toThrow(message);
});

it('makes the day while it is read, not at once', () => {
  // 20 million events would not fit in memory.
  const records = smallDay({ events: 20_000_000, instruments: 90 }).records();
  expect(records.take(1_000).toArray()).toHaveLength(1_000);
});
