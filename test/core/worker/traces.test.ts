import { expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';
import { apply } from '#core/tasks/apply.ts';
import { claim } from '#core/tasks/claim.ts';
import { free, park, requeue } from '#core/tasks/progress.ts';
import type { Span } from '#core/ports/tracer.ts';
import type { Transition } from '#core/tasks/transition.ts';
import { childTraceparent, traceOf } from '#core/tracing/span-ids.ts';
import { parseTraceparent } from '#core/tracing/traceparent.ts';
import { recordingTracer } from '../../support/fakes/recording-tracer.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const SECRET = 'the patient is Jane Roe';
const askForTool = {
  answer: {
    stopReason: 'tool-use' as const,
    content: [{ type: 'tool-use' as const, id: 'use-1', name: 'look-up', input: { of: SECRET } }],
  },
};
const lookUp = defineTool({
  name: 'look-up',
  description: 'Looks a number up.',
  input: z.object({ of: z.string() }),
  run: async () => SECRET,
});
const agent = defineAgent({ ...adderOptions, tools: [lookUp] });
const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };

it('a turn is one span below the acceptance, with its wait, its model calls and its tool calls', async () => {
  const h = workerHarness([askForTool, { json: { sum: 3 } }], agent);
  const tracer = recordingTracer();
  const { id } = await tracer.during(CALLER, () => h.accept({}, { tracer }));
  const accepted = await h.task(id);
  expect(parseTraceparent(accepted.traceparent)).toEqual(CALLER);
  h.clock.advance(2_000);
  await h.deliver(id, { tracer });

  const turn = tracer.named('invoke_agent adder');
  expect(turn).toMatchObject({
    ...CALLER,
    spanId: turn.spanId,
    parentSpanId: CALLER.spanId,
    kind: 'consumer',
    status: 'ok',
  });
  expect(turn.attributes).toMatchObject({
    'fleet.task.id': id,
    'fleet.tenant': 'default',
    'fleet.epoch': 1,
    'fleet.outcome': 'succeeded',
    'fleet.task.usd': (await h.task(id)).spend.usd,
    'fleet.deadline.used': Number((2_000 / (accepted.deadline - accepted.createdAt)).toFixed(3)),
    'gen_ai.operation.name': 'invoke_agent',
  });
  expect(tracer.named('queued')).toMatchObject({ parentSpanId: CALLER.spanId, startMs: accepted.createdAt });
  expect(tracer.named('queued').endMs - accepted.createdAt).toBe(2_000);
  const calls = tracer.spans.filter(({ kind }) => kind === 'client');
  expect(calls.map(({ parentSpanId, status }) => [parentSpanId, status])).toEqual([
    [turn.spanId, 'ok'],
    [turn.spanId, 'ok'],
  ]);
  expect(calls.map(({ attributes }) => attributes['fleet.step.id'])).toEqual([`${id}/0`, `${id}/2`]);
  expect(calls[0]?.attributes['gen_ai.usage.cost.amount']).toBeGreaterThan(0);
  const tool = tracer.named('execute_tool look-up');
  expect(tool).toMatchObject({ parentSpanId: turn.spanId, attributes: { 'fleet.step.id': `${id}/1` } });
  // A task that this step delegates would go on below it.
  expect(parseTraceparent(childTraceparent(h.ids, accepted, 1))?.spanId).toBe(tool.spanId);
  expect(new Set(tracer.spans.map(({ spanId }) => spanId)).size).toBe(tracer.spans.length);
  expect(JSON.stringify(tracer.spans)).not.toContain(SECRET);
});

it('each attempt is a turn of its own, and the wait between them says why', async () => {
  const h = workerHarness([{ failure: { kind: 'transient', reason: SECRET } }, { json: { sum: 3 } }]);
  const tracer = recordingTracer();
  const { id } = await h.accept({}, { tracer });
  await h.deliver(id, { tracer });
  const { state } = await h.task(id);
  if (state.status !== 'parked') throw new Error(state.status);
  h.clock.advance(state.until - h.clock.now());
  await h.deliver(id, { tracer });
  const turns = tracer.spans.filter(({ kind }) => kind === 'consumer');
  expect(
    turns.map(({ status, attributes }) => [status, attributes['fleet.outcome'], attributes['fleet.epoch']]),
  ).toEqual([
    ['error', 'parked', 1],
    ['ok', 'succeeded', 2],
  ]);
  expect(tracer.named('parked backoff').attributes).toMatchObject({ 'fleet.park.cause': 'backoff' });
  expect(tracer.spans.find(({ kind }) => kind === 'client')).toMatchObject({
    status: 'error',
    attributes: { 'error.type': 'transient' },
  });
  expect(new Set(tracer.spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(JSON.stringify(tracer.spans)).not.toContain(SECRET);
});

it('a task without a caller’s trace has one of its own, which is the same wherever it is derived', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const task = await h.accept({}, { tracer: recordingTracer(false) });
  const trace = parseTraceparent(task.traceparent);
  expect(trace?.sampled).toBe(false);
  const { traceparent: _, ...ofRelease02 } = task;
  expect(traceOf(h.ids, ofRelease02)).toEqual(trace);
});

it('the turn of a worker that died is a span that its successor records, and so is the recovery', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const tracer = recordingTracer();
  const { id, createdAt } = await h.accept({}, { tracer });
  const change = async (transition: Transition) => void (await apply(h.store, await h.task(id), transition));
  await change((task) => claim(task, 'holder', h.clock.now()));
  await change((task) => park(task, 1, 'paused', h.clock.now(), h.clock.now()));
  h.clock.advance(3_000);
  await change((task) => free(task, task, h.clock.now()));
  h.clock.advance(2_000);
  await change((task) => claim(task, 'other', h.clock.now()));
  h.clock.advance(20_000);
  await h.deliver(id, { tracer });
  const lost = tracer.named('invoke_agent adder');
  expect(lost).toMatchObject({
    kind: 'consumer',
    status: 'error',
    attributes: { 'error.type': 'crashed', 'fleet.epoch': 2 },
  });
  const of = ({ startMs, endMs }: Span) => [startMs - createdAt, endMs - createdAt];
  expect([of(lost), of(tracer.named('recovery'))]).toEqual([
    [5_000, 20_000],
    [20_000, 25_000],
  ]);
});

it('a call in which a worker died is a span with what is charged for it', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const tracer = recordingTracer();
  const { id } = await h.accept({}, { tracer });
  let die = (): void => undefined;
  const died = new Promise<void>((resolve) => (die = resolve));
  const invoke = () => (die(), new Promise<never>(() => undefined));
  const clock = { ...h.clock, every: () => () => undefined };
  void h.deliver(id, { clock, tracer, model: { ...h.model, invoke } });
  await died;
  h.clock.advance(20_000);
  await h.deliver(id, { tracer });
  const { spend } = await h.task(id);
  const calls = tracer.spans.filter(({ name }) => name.startsWith('chat '));
  expect(calls.map(({ attributes }) => [attributes['error.type'], attributes['gen_ai.usage.cost.amount']])).toEqual([
    ['interrupted', spend.lost.usd],
    [undefined, spend.usd],
  ]);
});

it('a wait that was freed ends where the queue begins', async () => {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const tracer = recordingTracer();
  const { id, createdAt } = await h.accept({}, { tracer });
  const change = async (transition: Transition) => void (await apply(h.store, await h.task(id), transition));
  await change((task) => claim(task, 'holder', h.clock.now()));
  await change((task) => park(task, 1, 'paused', h.clock.now(), h.clock.now()));
  h.clock.advance(3_000);
  await change((task) => free(task, task, h.clock.now()));
  h.clock.advance(200_000);
  // Its message was lost, and the sweeper sent it again.
  await change((task) => requeue(task, h.clock.now()));
  await h.deliver(id, { tracer });
  const of = (name: string) => [tracer.named(name).startMs - createdAt, tracer.named(name).endMs - createdAt];
  expect([of('parked paused'), of('queued')]).toEqual([
    [0, 3_000],
    [3_000, 203_000],
  ]);
});
