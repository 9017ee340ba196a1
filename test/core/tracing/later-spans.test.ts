import { expect, it } from 'vitest';
import { endSpan, runSpan } from '#core/tracing/later-spans.ts';
import { runContext, traceOf } from '#core/tracing/span-ids.ts';
import { recordingTracer } from '../../support/fakes/recording-tracer.ts';
import { workerHarness } from '../../support/worker-harness.ts';

it('the end of a task without a worker is an error if it failed', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const task = await h.accept();
  const trace = traceOf(h.ids, task);
  const failed = { type: 'task.finished', status: 'failed', failureKind: 'deadline', ms: 7 } as const;
  expect(endSpan(h.ids, task, failed, 5)).toMatchObject({
    traceId: trace.traceId,
    parentSpanId: trace.spanId,
    name: 'ended failed',
    status: 'error',
    startMs: 5,
    attributes: { 'error.type': 'deadline', 'fleet.task.id': task.id },
  });
  expect(endSpan(h.ids, task, { type: 'task.finished', status: 'cancelled', ms: 7 }, 5).status).toBe('unset');
});

it('a run has a trace of its own, and the turns of its tasks link to it', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const tracer = recordingTracer();
  const { id } = await h.accept({ runId: 'run-1' }, { tracer });
  await h.deliver(id, { tracer });
  const times = { startedAt: 1, endedAt: 9 };
  const run = runSpan(h.ids, { runId: 'run-1', workflow: 'fan-out', tenant: 'acme', succeeded: true, ...times }, true);
  expect(run).toMatchObject({ name: 'invoke_workflow fan-out', status: 'ok', startMs: 1, endMs: 9, sampled: true });
  expect(tracer.named('invoke_agent adder').links).toEqual([runContext(h.ids, 'run-1')]);
  expect(run.traceId).not.toBe(tracer.named('invoke_agent adder').traceId);
  expect(runContext(h.ids, 'run-1')).toEqual({ traceId: run.traceId, spanId: run.spanId });
});
