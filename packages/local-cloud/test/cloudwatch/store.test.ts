import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/serve.ts';
import { openDatabase } from '../../src/services/cloudwatch/metrics/database.ts';
import { minuteOf } from '../../src/services/cloudwatch/metrics/metric.ts';
import { statisticOf as find } from '../../src/services/cloudwatch/metrics/statistic.ts';
import { MetricStore } from '../../src/services/cloudwatch/metrics/store.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const MINUTE = minuteOf(NOW);
const statisticOf = (name: string) => find(name)?.of;
const metric = { namespace: 'agent-fleet', name: 'TaskWait', dimensions: { service: 'echo' } };

/** Minutes from the one of the clock on. */
const window = (count = 1, after = 0) => ({ from: MINUTE + after, period: 1, count });

function store(dataDir?: string, clock = { now: NOW }) {
  const database = openDatabase(dataDir);
  return { clock, metrics: new MetricStore({ database, now: () => clock.now }), close: () => database.close() };
}

test('values of a minute are summed up, before and after they are on disk', () => {
  const { metrics } = store();
  metrics.add({ ...metric, value: 3 });
  metrics.flush();
  metrics.add({ ...metric, value: 5, count: 2, at: NOW + 30_000 });
  const expected = { count: 3, sum: 13, min: 3, max: 5 };
  expect(metrics.read(metric, window(), true)[0]).toMatchObject(expected);
  expect(metrics.read(metric, window(), false)[0]).toMatchObject(expected);
  metrics.flush();
  expect(metrics.read(metric, window(), true)[0]).toMatchObject(expected);
  expect(metrics.read(metric, window(), false)[0]).toMatchObject(expected);
  expect(metrics.read(metric, window(5, -5), true)).toEqual(Array.from({ length: 5 }, () => undefined));
});

test('the order of dimensions does not matter, their values do', () => {
  const { metrics } = store();
  metrics.add({ ...metric, dimensions: { a: '1', b: '2' }, value: 1 });
  expect(metrics.read({ ...metric, dimensions: { b: '2', a: '1' } }, window(), true)[0]?.count).toBe(1);
  expect(metrics.read({ ...metric, dimensions: { b: '2' } }, window(), true)).toEqual([undefined]);
});

test('percentiles are accurate to 1 %, whatever the size of the values', () => {
  const { metrics } = store();
  for (let value = 1; value <= 1_000; value++) metrics.add({ ...metric, value: value / 10 });
  metrics.flush();
  const bucket = metrics.read(metric, window(), true)[0];
  if (bucket === undefined) throw new Error('no bucket');
  for (const percent of [1, 50, 90, 99, 99.9]) {
    const value = statisticOf(`p${percent}`)?.(bucket) ?? 0;
    expect(Math.abs(value - percent)).toBeLessThanOrEqual(percent / 100 + 0.1);
  }
  expect(statisticOf('p100')?.(bucket)).toBe(100);
  expect(statisticOf('Average')?.(bucket)).toBeCloseTo(50.05);
});

test('percentiles of negative values and of zero', () => {
  const { metrics } = store();
  for (const value of [-100, 0, 100]) metrics.add({ ...metric, value });
  const bucket = metrics.read(metric, window(), true)[0];
  if (bucket === undefined) throw new Error('no bucket');
  expect(['p0', 'p50', 'p100'].map((name) => statisticOf(name)?.(bucket))).toEqual([-100, 0, 100]);
});

test('an unknown statistic is undefined', () => {
  expect(['tm99', 'p101', 'sum', 'IQM', 'constructor'].map(statisticOf)).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test('a later start continues', () => {
  const dataDir = temporaryFolder();
  const first = store(dataDir);
  first.metrics.add({ ...metric, value: 3, unit: 'Milliseconds' });
  first.metrics.flush();
  first.close();
  const second = store(dataDir);
  second.metrics.add({ ...metric, value: 4 });
  second.metrics.flush();
  expect(second.metrics.read(metric, window(), true)[0]).toMatchObject({ count: 2, sum: 7 });
  expect(second.metrics.list()).toEqual([metric]);
  expect(second.metrics.unitOf(metric)).toBe('Milliseconds');
  second.close();
});

test('older values are kept by five minutes, and the oldest are deleted', () => {
  const { metrics, clock } = store();
  for (let minute = 0; minute < 10; minute++) metrics.add({ ...metric, value: minute, at: NOW + minute * 60_000 });
  clock.now = NOW + 7 * 60 * 60_000;
  metrics.prune();
  const nothing = Array.from({ length: 4 }, () => undefined);
  const found = metrics.read(metric, window(10), true);
  expect(found.map((bucket) => bucket && [bucket.sum, bucket.count, bucket.max])).toEqual([
    [10, 5, 4],
    ...nothing,
    [35, 5, 9],
    ...nothing,
  ]);
  clock.now = NOW + 9 * 24 * 60 * 60_000;
  metrics.prune();
  expect(metrics.read(metric, window(10), true).filter(Boolean)).toEqual([]);
  expect(metrics.list()).toEqual([]);
});

test('values that are too old, too far in the future or no numbers are dropped', () => {
  const { metrics } = store();
  const day = 24 * 60 * 60_000;
  metrics.add({ ...metric, value: 1, at: NOW - 15 * day });
  metrics.add({ ...metric, value: 1, at: NOW + day });
  metrics.add({ ...metric, value: Number.NaN });
  expect(metrics.read(metric, { from: 0, period: MINUTE, count: 2 }, false)).toEqual([undefined, undefined]);
});

test('the number of metrics is bounded', () => {
  const { metrics } = store();
  for (let service = 0; service < 20_010; service++)
    metrics.add({ ...metric, dimensions: { service: String(service) }, value: 1 });
  expect(metrics.list()).toHaveLength(20_000);
  expect(metrics.dropped).toBe(10);
});
