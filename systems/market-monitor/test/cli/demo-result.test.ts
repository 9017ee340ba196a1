import { simulateMarket, type MarketTruth } from '@agent-fleet/simulated-market';
import { describe, expect, it } from 'vitest';
import { Applied } from '../../cli/market/applied.ts';
import { resultOf, type Measured } from '../../cli/market/demo-result.ts';
import type { Received } from '../../cli/market/receiver.ts';
import { countOf, sentBy } from '../../cli/market/sent.ts';

const simulated = simulateMarket({ seed: 1, events: 1_000, faults: { future: 0 } });

function received(why: string, at: number, change: Partial<Received['data']> = {}): Received {
  const data = {
    alert: 'core-equity/cik:1/halt',
    portfolio: 'core-equity',
    subject: 'cik:1',
    ticker: 'A',
    cause: 'halt',
    severity: 'urgent',
    headline: '',
    title: '',
    event: { source: 'status', id: 'e1' },
  };
  return { id: `${why}${at}`, at, why, data: { ...data, ...change } };
}

/** Judges nothing: every alert is one too many. */
const truth: Pick<MarketTruth, 'judge'> = {
  judge: (alerts) => ({ ...simulated.truth.judge([], { holdings: [], watch: [] }), false: alerts.length, urgent: 0 }),
};

const measured = (change: Partial<Measured> = {}, all: readonly Received[] = []): Measured => ({
  events: 10,
  account: { lost: 0, outOfOrder: 0, remembered: 12 },
  applied: 12,
  modelCalls: 3,
  truth,
  heldBack: 0,
  setAside: {},
  played: { received: all, sentAt: new Map([['status e1', 1_000]]), digests: [], unfinished: [] },
  ...change,
});

describe('the figures of a demonstration', () => {
  it('count the events that the generator calls valid', () => {
    const { events, duplicates } = simulated.truth.counts();
    expect(countOf(sentBy(simulated.records()))).toBe(Object.values(events).reduce((one, other) => one + other, 0));
    expect(duplicates).toBeGreaterThan(0);
  });

  it('say what is lost, and it does not make up for what is doubled', () => {
    const wrong = measured({ account: { lost: 2, outOfOrder: 1, remembered: 10 }, applied: 12 });
    expect(resultOf(wrong)).toMatchObject({ lost: 2, doubled: 2, outOfOrder: 1, unfinished: [] });
    expect(resultOf(measured())).toMatchObject({ lost: 0, doubled: 0, outOfOrder: 0, modelCalls: 3 });
  });

  it('do not call a day clean whose router has not logged all that it handled', () => {
    expect(resultOf(measured({ applied: 9 })).unfinished).toEqual([expect.stringContaining('lacks 3 events')]);
  });

  it('add up what the router logs, and nothing else', () => {
    const applied = new Applied();
    const log = (line: string): void =>
      applied.onEvent({ code: 'lambda.log', function: 'route-market', requestId: 'r', line });
    log('{"_aws":{},"EventsApplied":5,"EventsLate":1}');
    log('{"EventsApplied":[2,3]}');
    log('{"EventsDuplicate":7}');
    log('"EventsApplied" but no JSON');
    applied.onEvent({ code: 'cloud.ready', endpoint: '"EventsApplied"' });
    expect(applied.count).toBe(10);
  });

  it('measure an alert from its event, and an analysis from the event of its alert', () => {
    const all = [
      received('first', 1_500),
      received('escalated', 2_000),
      // Its last event came long after the one that the alert is about.
      received('analysis', 9_000, { event: { source: 'status', id: 'e2' } }),
      received('analysis', 60_000),
    ];
    const { alerts } = resultOf(measured({}, all));
    expect(alerts).toMatchObject({ p95Ms: 1_000, analysisP95Ms: 8_000 });
  });

  it('give an alert about an event that nobody sent no latency, and none is not 0', () => {
    const other = received('first', 5_000, { event: { source: 'status', id: 'unknown' } });
    expect(resultOf(measured({}, [other])).alerts).toMatchObject({ p95Ms: null, analysisP95Ms: null });
    expect(resultOf(measured({}, [other, received('first', 3_000)])).alerts.p95Ms).toBe(2_000);
  });

  it('count warnings as nothing, and an alert of a portfolio that does not exist as false', () => {
    expect(resultOf(measured({}, [received('first', 1, { severity: 'warning' })])).alerts.false).toBe(0);
    expect(resultOf(measured({}, [received('first', 1, { portfolio: 'unknown' })])).alerts.false).toBe(1);
  });
});
