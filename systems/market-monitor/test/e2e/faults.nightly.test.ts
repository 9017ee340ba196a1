import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { agentNameOf } from '../../agents/names.ts';
import { isMarketWide, isWithin, type Alert } from '../../alerts/alert.ts';
import { alertLatencies, p95 } from '../../cli/market/latency.ts';
import { busyDay, holderOfDay, urgentFilings } from './busy-day.ts';
import { expectedOf, handledCount, handledIn, statesIn } from './expected.ts';
import { startMarketFleet, type MarketFleet } from './market-fleet.ts';

/** A day of trading as one burst, through two kills of all workers and a deploy, with a model that refuses all calls until the end. */
vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

/** Whether an event is late depends on the batch that brings it, so no event overtakes another one of its source here. */
const records = busyDay({ faults: { reordered: 0, gap: 0, 'clock-skew': 0 } })
  .records()
  .toArray();
const expected = await expectedOf(records, holderOfDay('http://127.0.0.1:8080/'));
const EVENTS = handledCount(expected.subjects);

let market: MarketFleet;
/** Replaces all functions and mappings by those of an assembly with other settings. Running work has five seconds to end. */
let deploy: () => Promise<void>;
beforeAll(async () => {
  const faults = { rates: { '429': 1 }, retryAfterSeconds: 2 };
  market = await startMarketFleet({ claude: { latency: { kind: 'fixed', ms: 400 }, faults } });
  const prepared = await market.fleet.prepare(['market-monitor'], { workers: { [agentNameOf('price-move')]: 8 } });
  deploy = () => prepared(5_000);
});
afterAll(() => market[Symbol.asyncDispose]());

/** Breaks the fleet once this share of the events is handled. Returns how many were. */
async function breakAt(share: number, how: () => Promise<void>): Promise<number> {
  const handled = await vi.waitFor(
    async () => {
      const count = handledCount(await market.subjects());
      expect(count).toBeGreaterThan(EVENTS * share);
      return count;
    },
    { timeout: 300_000, interval: 200 },
  );
  await how();
  return handled;
}
async function expectNoAnswer(): Promise<void> {
  const { answered, throttled } = await market.fleet.claude.stats();
  expect(answered).toBe(0);
  expect(throttled).toBeGreaterThan(0);
}
const kill = (): Promise<void> => market.fleet.cloud.crashWorkers();

describe('a burst of a day under faults', () => {
  it('I17: loses, doubles and misplaces no event through two kills and a deploy', async () => {
    expect(records.length).toBeGreaterThan(3_000);
    const [first] = await Promise.all([breakAt(0.15, kill), market.put(records)]);
    const second = await breakAt(0.35, deploy);
    const third = await breakAt(0.6, kill);
    // All came in the middle of the work.
    expect(Math.max(first, second, third)).toBeLessThan(EVENTS);
    const subjects = await market.settled(expected.subjects);
    expect(handledIn(subjects)).toEqual(handledIn(expected.subjects));
    // A state follows from all events of its subject in their order: one that was applied twice would show.
    expect(statesIn(subjects)).toEqual(statesIn(expected.subjects));
    expect(await market.rejected()).toEqual(expected.rejected);
  });

  it('I18: notifies people of each urgent alert once, also while no model answers', async () => {
    const alerts = await vi.waitFor(
      async () => {
        const found = await market.alerts();
        const sent = found.flatMap(({ notifications }) => notifications.map(({ id }) => id));
        const received = new Set(market.receiver.received.map(({ id }) => id));
        expect(sent.filter((id) => !received.has(id))).toEqual([]);
        return found;
      },
      { timeout: 300_000, interval: 500 },
    );
    const halts = alerts.filter(isMarketWide);
    /** Held back by a halt of the market, within which it happened. */
    const isInhibited = ({ held: why, events }: Alert): boolean =>
      why?.why === 'inhibited' &&
      halts.some((halt) => halt.id === why.by && events.some(({ time }) => isWithin(halt, Date.parse(time))));
    const held = alerts.filter(isInhibited).map(({ id }) => id);
    const told = market.receiver.received.filter(({ why }) => why === 'first');
    const urgent = new Set([...told.map(({ data }) => data.alert), ...held]);
    expect(expected.urgent.length).toBeGreaterThan(10);
    expect(expected.urgent.filter((id) => !urgent.has(id))).toEqual([]);
    // The id of a notification is that of its alert, the episode and a number.
    const episodes = told.map(({ id }) => id.slice(0, id.lastIndexOf('/')));
    expect(new Set(episodes).size).toBe(episodes.length);
    await expectNoAnswer();
  });

  it('I18: tells people of an urgent event within half a minute, while no model answers', async () => {
    // Of another filing of the day people know already.
    const known = new Set(
      (await market.alerts()).flatMap(({ subject, cause }) => (cause === 'filing' ? [subject] : [])),
    );
    const filings = urgentFilings(new Date().toISOString()).filter(({ key }) => !known.has(key));
    expect(filings.length).toBeGreaterThan(10);
    const sentAt = new Map(filings.map(({ name }) => [name, Date.now()]));
    await market.put(filings);
    const latencies = await vi.waitFor(
      () => {
        const found = alertLatencies(market.receiver.received, sentAt);
        expect(found.length).toBeGreaterThanOrEqual(filings.length);
        return found;
      },
      { timeout: 120_000, interval: 200 },
    );
    console.log(`Without a model, ${latencies.length} urgent alerts had a p95 of ${p95(latencies)} ms.`);
    // Two seconds are promised. This machine may be busy.
    expect(p95(latencies)).toBeLessThan(30_000);
    await expectNoAnswer();
  });

  it('explains them once the model answers', async () => {
    market.fleet.claude.setFaults({});
    await vi.waitFor(() => expect(market.receiver.received.map(({ why }) => why)).toContain('analysis'), {
      timeout: 300_000,
      interval: 500,
    });
  });
});
