import { describe, expect, it } from 'vitest';
import { otelTracer } from '#adapters/otel/tracer.ts';
import type { Span } from '#core/ports/tracer.ts';

const TURN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

function tracerOf(sampleRate = 0) {
  const sent: Span[] = [];
  const tracer = otelTracer({ sampleRate, exporter: { send: async (spans) => void sent.push(...spans) } });
  return { tracer, sent };
}

const span = (change: Partial<Span> = {}): Span => ({
  ...TURN,
  sampled: false,
  name: 'invoke_agent adder',
  kind: 'consumer',
  startMs: 1_000,
  endMs: 2_000,
  status: 'ok',
  attributes: { 'fleet.tenant': 'acme', 'fleet.task.id': 'task-1' },
  ...change,
});

describe('the tracer', () => {
  it.each([
    ['of a sampled trace', { sampled: true }, true],
    ['of another one', {}, false],
    ['that failed', { status: 'error' }, true],
    ['that was dear', { attributes: { 'fleet.cost.usd': 0.6 } }, true],
    ['that was slow', { endMs: 500_000 }, true],
  ] as const)('keeps a turn %s: %s', async (_, change, isKept) => {
    const { tracer, sent } = tracerOf();
    const turn = span(change);
    await tracer.during(turn, async () => {
      tracer.record(span({ spanId: '1111111111111111', sampled: turn.sampled, name: 'queued', kind: 'internal' }));
      tracer.record(turn);
      await tracer.flush();
      expect(sent).toEqual([]);
    });
    await tracer.flush();
    expect(sent.map(({ name }) => name)).toEqual(isKept ? ['queued', 'invoke_agent adder'] : []);
  });

  it('keeps the turns of one process apart', async () => {
    const { tracer, sent } = tracerOf();
    const failing = span({ status: 'error', name: 'failing' });
    const fine = span({ spanId: '2222222222222222', name: 'fine' });
    const gate = Promise.withResolvers<void>();
    await Promise.all([
      tracer.during(failing, async () => {
        await gate.promise;
        tracer.record(failing);
      }),
      tracer.during(fine, async () => {
        tracer.record(fine);
        gate.resolve();
      }),
    ]);
    await tracer.flush();
    expect(sent.map(({ name }) => name)).toEqual(['failing']);
  });

  it('joins what two recorded of one span, and gives a library’s span the ids of its turn', async () => {
    const { tracer, sent } = tracerOf();
    const turn = span({ sampled: true });
    await tracer.during(turn, async () => {
      const call = { sampled: true, spanId: '3333333333333333', kind: 'client' } as const;
      tracer.record(span({ ...call, name: 'library', status: 'ok', attributes: { a: 1, b: 1 } }));
      tracer.record(span({ ...call, name: 'chat', status: 'unset', startMs: 500, attributes: { b: 2 } }));
      tracer.record(turn);
    });
    await tracer.flush();
    expect(sent[0]).toMatchObject({ name: 'chat', status: 'ok', startMs: 500, endMs: 2_000 });
    expect(sent[0]?.attributes).toEqual({ a: 1, b: 2, 'fleet.tenant': 'acme', 'fleet.task.id': 'task-1' });
  });

  it('decides by the trace’s id, the same everywhere', () => {
    const ids = Array.from({ length: 2_000 }, (_, index) =>
      ((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0').repeat(4),
    );
    const kept = ids.filter((id) => tracerOf(0.05).tracer.samples(id));
    expect(kept.length).toBeGreaterThan(50);
    expect(kept.length).toBeLessThan(200);
    expect(ids.filter((id) => tracerOf(1).tracer.samples(id))).toEqual(ids);
    expect(ids.filter((id) => tracerOf(0).tracer.samples(id))).toEqual([]);
  });

  it('links the work to the invocation that did it, unless both are of one trace', async () => {
    const sent: Span[] = [];
    const invocation = { traceId: '67891233abcdef012345678912345678', spanId: '53995c3f42cd8ad8' };
    const exporter = { send: async (spans: readonly Span[]) => void sent.push(...spans) };
    const tracer = otelTracer({ sampleRate: 1, exporter, invocation: () => invocation });
    for (const traceId of [TURN.traceId, invocation.traceId]) {
      const turn = span({ traceId, sampled: true });
      await tracer.during(turn, async () => tracer.record(turn));
    }
    await tracer.flush();
    expect(sent.map(({ links }) => links)).toEqual([[invocation], undefined]);
  });

  it('a receiver that is away costs the spans and nothing else', async () => {
    const tracer = otelTracer({ sampleRate: 1, exporter: { send: () => Promise.reject(new Error('away')) } });
    tracer.record(span({ sampled: true }));
    await expect(tracer.flush()).resolves.toBeUndefined();
  });
});
