import { expect, it } from 'vitest';
import { getTaskTrace } from '#core/api/traces/rules.ts';
import { apply } from '#core/tasks/apply.ts';
import { claim } from '#core/tasks/claim.ts';
import type { KeptSpan } from '#core/ports/trace-reader.ts';
import { parseTraceparent } from '#core/tracing/traceparent.ts';
import { workerHarness } from '../../support/worker-harness.ts';

const CALLER = { tenant: 'acme', keyId: 'key-1', scopes: ['read' as const], agents: null };

const span = (spanId: string, attributes: KeptSpan['attributes'], startMs = 0): KeptSpan => ({
  spanId,
  name: spanId,
  kind: 'internal',
  startMs,
  endMs: startMs + 1,
  status: 'unset',
  attributes,
});

async function tracesOf(spans: readonly KeptSpan[]) {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const task = await h.accept({ tenant: 'acme' });
  const asked: string[] = [];
  const traces = { read: async (id: string) => (asked.push(id), spans) };
  return { ...h, task, asked, ports: { store: h.store, ids: h.ids, clock: h.clock, traces } };
}

it('returns the spans of the task’s trace, earliest first', async () => {
  const own = { 'fleet.tenant': 'acme' };
  const h = await tracesOf([span('late', own, 5), span('early', own, 1)]);
  const view = await getTaskTrace(h.ports, CALLER, h.task.id);
  expect(view.spans.map(({ name }) => name)).toEqual(['early', 'late', 'queued']);
  expect(view.spans.at(-1)).toMatchObject({ attributes: { 'fleet.open': true } });
  expect(h.asked).toEqual([view.traceId]);
  expect(view.traceId).toBe(parseTraceparent(h.task.traceparent)?.traceId);
});

it('I8: shows nothing of another tenant, even if a caller continued that tenant’s trace', async () => {
  const h = await tracesOf([
    span('own', { 'fleet.tenant': 'acme', 'gen_ai.agent.name': 'adder' }),
    span('another agent', { 'fleet.tenant': 'acme', 'gen_ai.agent.name': 'writer' }),
    span('foreign', { 'fleet.tenant': 'globex' }),
    span('nobody’s', {}),
  ]);
  const names = async (agents: readonly string[] | null) =>
    (await getTaskTrace(h.ports, { ...CALLER, agents: agents && [...agents] }, h.task.id)).spans
      .map(({ name }) => name)
      .filter((name) => name !== 'queued');
  expect(await names(null)).toEqual(['own', 'another agent']);
  expect(await names(['adder'])).toEqual(['own']);
  await expect(getTaskTrace(h.ports, { ...CALLER, tenant: 'globex' }, h.task.id)).rejects.toThrow('not found');
  await expect(names(['writer'])).rejects.toThrow('agent');
});

it('returns 2,000 spans of a larger trace, and says so', async () => {
  const h = await tracesOf(
    Array.from({ length: 2_001 }, (_, index) => span(`s${index}`, { 'fleet.tenant': 'acme' }, index)),
  );
  const { spans, truncated } = await getTaskTrace(h.ports, CALLER, h.task.id);
  expect([spans.length, truncated]).toEqual([2_000, true]);
});

it('shows the turn of a running task until now, unless it has arrived', async () => {
  const h = await tracesOf([]);
  await apply(h.store, h.task, (task) => claim(task, 'holder', h.clock.now()));
  h.clock.advance(4_000);
  const { spans, asOf } = await getTaskTrace(h.ports, CALLER, h.task.id);
  expect(spans).toMatchObject([{ name: 'invoke_agent adder', attributes: { 'fleet.open': true, 'fleet.epoch': 1 } }]);
  expect([spans[0]?.endMs, (spans[0]?.endMs ?? 0) - (spans[0]?.startMs ?? 0)]).toEqual([Date.parse(asOf), 4_000]);
  const traces = { read: async () => [span(spans[0]?.spanId ?? '', { 'fleet.tenant': 'acme' })] };
  expect((await getTaskTrace({ ...h.ports, traces }, CALLER, h.task.id)).spans).toHaveLength(1);
});
