import { simulateMarket } from '@agent-fleet/simulated-market';
import { describe, expect, it, test } from 'vitest';
import type { CloudEvent } from '@agent-fleet/local-cloud';
import { holdingsForJudge } from '../../cli/market/demo-portfolios.ts';
import { Breaks } from './breaks.ts';
import { marketBenchOptions } from './market.ts';
import { MetricSums } from './metric-sums.ts';
import { secondsOf, sliceOf, truthOfSent } from './slice.ts';

const simulated = simulateMarket({ events: 20_000, seed: 3, faults: { future: 0 } });
const [portfolio] = holdingsForJudge();
if (portfolio === undefined) throw new Error('The demo has no portfolio.');

describe('a part of a day', () => {
  it('begins before the opening bell, and is the whole day when it is short enough', () => {
    const part = sliceOf(simulated, 2_000);
    expect(part).toHaveLength(2_000);
    expect(part[0]?.at).toBeLessThan(simulated.session.open);
    expect(part.at(-1)?.at).toBeGreaterThan(simulated.session.open);
    expect(sliceOf(simulated, 1_000_000)).toHaveLength(simulated.truth.counts().records);
  });

  it('keeps what comes within a second together, and loses nothing', () => {
    const part = sliceOf(simulated, 2_000);
    const groups = [...secondsOf(part)];
    expect(groups.flat()).toEqual(part);
    expect(Math.max(...groups.map(({ length }) => length))).toBeGreaterThan(simulated.instruments.length * 0.9);
    for (const group of groups) expect((group.at(-1)?.at ?? 0) - (group[0]?.at ?? 0)).toBeLessThan(1_000);
  });

  it('misses only incidents whose events were sent', () => {
    const everything = truthOfSent(
      simulated,
      new Set(simulated.truth.incidents.flatMap(({ events }) => events.map(({ source, id }) => `${source} ${id}`))),
    );
    const whole = everything.judge([], portfolio);
    expect(whole.missed).toBeGreaterThan(3);
    expect(whole.urgent).toBe(whole.missed);
    expect(truthOfSent(simulated, new Set()).judge([], portfolio)).toMatchObject({ urgent: 0, missed: 0 });
  });
});

it('adds up the metrics of a log, one or several values in a line', () => {
  const sums = new MetricSums(['StreamCpu', 'EventsApplied']);
  const lines = ['{"StreamCpu":12.5,"EventsApplied":[3,4]}', '{"StreamCpu":1}', 'no JSON "StreamCpu"', '{"Other":9}'];
  for (const line of lines) sums.onEvent({ code: 'lambda.log', line } as CloudEvent);
  expect([sums.of('StreamCpu'), sums.of('EventsApplied')]).toEqual([13.5, 7]);
});

test('a day with faults has two kills, and a model that refuses for a fifteenth of it', async () => {
  const done: string[] = [];
  const breaks = new Breaks({
    crashWorkers: () => Promise.resolve(void done.push('kill')),
    claude: { setFaults: ({ rates }) => void done.push(rates === undefined ? 'answers' : 'refuses') },
  });
  const at: Record<string, number> = {};
  for (let share = 0; share <= 1; share += 0.01) {
    const before = done.length;
    await breaks.sent(share);
    for (const what of done.slice(before)) at[`${what} ${Object.keys(at).length}`] = Math.round(share * 100);
  }
  expect(at).toEqual({ 'kill 0': 15, 'refuses 1': 30, 'answers 2': 37, 'kill 3': 60 });
  expect(breaks.kills).toBe(2);
});

test('options are numbers in their bounds', () => {
  const options = { events: '50000', minutes: '30', seed: '1' };
  expect(marketBenchOptions.parse(options)).toMatchObject({ events: 50_000, minutes: 30 });
  expect(() => marketBenchOptions.parse({ ...options, events: '10' })).toThrow('events');
  expect(() => marketBenchOptions.parse({ ...options, minutes: '0' })).toThrow('minutes');
});
