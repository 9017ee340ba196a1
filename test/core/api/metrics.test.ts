import { expect, test } from 'vitest';
import { metricsQuerySchema } from '#core/api/metrics/messages.ts';
import { getMetrics, type MetricPorts } from '#core/api/metrics/rules.ts';
import type { Caller } from '#core/api/http/caller.ts';
import type { MetricQuery, MetricSpan } from '#core/ports/metric-reader.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const HOUR = 3_600_000;
const caller = (agents: string[] | null = null): Caller => ({ tenant: 'a', keyId: 'k', scopes: ['fleet'], agents });
const query = (given: object) => metricsQuerySchema.parse({ names: 'TasksFailed', ...given });

function ports(): MetricPorts & { readonly reads: [readonly MetricQuery[], MetricSpan][] } {
  const reads: [readonly MetricQuery[], MetricSpan][] = [];
  return {
    reads,
    clock: { now: () => NOW },
    names: { prefix: 'fleet-dev', agents: ['echo'] },
    metrics: {
      read: async (queries, span) => {
        reads.push([queries, span]);
        const of = (name: string | undefined): [number, number][] => (name === 'TasksQueued' ? [[NOW, 7]] : []);
        return queries.map(({ id, metric }) => ({ id, points: of(metric?.name) }));
      },
    },
  };
}

test('the metrics of all agents together, with their statistics', async () => {
  const all = ports();
  const answer = await getMetrics(all, caller(), query({ names: 'TasksFailed,TaskTime:p99' }));
  expect(answer).toEqual({
    series: [
      { name: 'TasksFailed', points: [] },
      { name: 'TaskTime:p99', points: [] },
    ],
    step: 60,
    asOf: '2026-11-28T12:00:00.000Z',
  });
  const dimensions = { service: 'fleet-dev-fleet' };
  expect(all.reads[0]?.[0]).toEqual([
    { id: 'm0', metric: { namespace: 'agent-fleet', name: 'TasksFailed', dimensions, statistic: 'Sum' } },
    { id: 'm1', metric: { namespace: 'agent-fleet', name: 'TaskTime', dimensions, statistic: 'p99' } },
  ]);
  expect(all.reads[0]?.[1]).toEqual({ from: NOW - 3 * HOUR, to: NOW, step: 60 });
});

test('the metrics of an agent are those of its service', async () => {
  const { series } = await getMetrics(
    ports(),
    caller(),
    query({ names: 'TaskTime,TasksQueued:Maximum', agent: 'echo' }),
  );
  expect(series).toEqual([
    { name: 'TaskTime', agent: 'echo', points: [] },
    { name: 'TasksQueued:Maximum', agent: 'echo', points: [[NOW, 7]] },
  ]);
});

test.for<[string, object, number]>([
  ['a day', { from: '2026-11-27T12:00:00Z' }, 480],
  ['an hour', { from: '2026-11-28T11:00:00Z' }, 60],
  ['a step', { from: '2026-11-27T12:00:00Z', step: '3600' }, 3_600],
])('%s', async ([, given, step]) => {
  expect((await getMetrics(ports(), caller(), query(given))).step).toBe(step);
});

test.for<[string, object, string]>([
  ['an end before the start', { from: '2026-11-28T11:00:00Z', to: '2026-11-28T10:00:00Z' }, 'from: must be before'],
  ['16 days', { from: '2026-11-12T12:00:00Z' }, 'from: is more than 15 days ago'],
  ['too many values', { from: '2026-11-20T12:00:00Z', step: '60' }, 'step: gives more than'],
])('%s is rejected', async ([, given, message]) => {
  await expect(getMetrics(ports(), caller(), query(given))).rejects.toThrow(message);
});

test.for([
  { names: '' },
  { names: 'Tasks Failed' },
  { names: 'TaskTime:p101' },
  { names: Array.from({ length: 21 }, (_, index) => `A${index}`).join() },
  { step: '90' },
  { from: 'yesterday' },
])('%s is rejected', (given) => {
  expect(metricsQuerySchema.safeParse({ names: 'TasksFailed', ...given }).success).toBe(false);
});

test('a key for some agents reads the metrics of these only (I8)', async () => {
  await expect(getMetrics(ports(), caller(['echo']), query({}))).rejects.toMatchObject({ kind: 'not-allowed' });
  await expect(getMetrics(ports(), caller(['owl']), query({ agent: 'echo' }))).rejects.toMatchObject({
    kind: 'not-allowed',
  });
  await expect(getMetrics(ports(), caller(['echo']), query({ agent: 'echo' }))).resolves.toMatchObject({ step: 60 });
  await expect(getMetrics(ports(), caller(), query({ agent: 'none' }))).rejects.toMatchObject({ kind: 'not-found' });
});
