import type { Ids } from '../ports/ids.ts';
import type { Span, SpanContext } from '../ports/tracer.ts';
import { LEASE_MS } from '../tasks/claim.ts';
import { causeOf } from '../tasks/park-cause.ts';
import { isTerminal, type RunningState, type Task } from '../tasks/task.ts';
import { turnSpanId, waitSpanId } from './span-ids.ts';
import { taskAttributes } from './task-attributes.ts';

type Digest = Pick<Ids, 'digest'>;
type Wait = Pick<Span, 'name' | 'startMs' | 'endMs'> & Partial<Pick<Span, 'status' | 'attributes' | 'kind' | 'spanId'>>;

/**
 * What a task waited for until now, as spans: in its queue, parked for a cause, or for the lease of a worker that died. The
 * turn of that worker is one too, since nobody else records it.
 * @param before the task as it was found
 */
export function waitSpans(
  ids: Digest,
  trace: SpanContext,
  before: Task,
  { epoch }: Pick<Task, 'epoch'>,
  now: number,
): readonly Span[] {
  return waitsOf(ids, before, now).map(({ startMs, endMs, attributes, ...wait }) => ({
    traceId: trace.traceId,
    sampled: trace.sampled,
    spanId: waitSpanId(ids, before.id, epoch, wait.name),
    parentSpanId: trace.spanId,
    kind: 'internal',
    status: 'unset',
    ...wait,
    // Clocks of two machines differ.
    startMs: Math.min(startMs, endMs),
    endMs,
    attributes: { ...taskAttributes(before), ...attributes },
  }));
}

/** What a task does right now, as spans that end now: a wait, or the turn of its worker. None for one that has ended. */
export function openSpans(ids: Digest, trace: SpanContext, task: Task, now: number): readonly Span[] {
  const { state, epoch } = task;
  const spans =
    state.status === 'running'
      ? [{ ...trace, parentSpanId: trace.spanId, ...turnOf(ids, task, state, now) }]
      : waitSpans(ids, trace, task, { epoch: epoch + 1 }, now);
  return spans.map((span) => ({ ...span, attributes: { ...span.attributes, 'fleet.open': true } }));
}

function turnOf(ids: Digest, task: Task, { since, leaseUntil }: RunningState, endMs: number) {
  const startMs = since ?? leaseUntil - LEASE_MS;
  return {
    spanId: turnSpanId(ids, task.id, task.epoch),
    name: `invoke_agent ${task.agent}`,
    kind: 'consumer' as const,
    status: 'unset' as const,
    startMs: Math.min(startMs, endMs),
    endMs,
    attributes: {
      ...taskAttributes(task),
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.version': task.agentVersion,
      'fleet.epoch': task.epoch,
    },
  };
}

/** @param until when it was due, in milliseconds @default it waited to be freed */
const parked = (cause: string, startMs: number, endMs: number, until?: number): Wait => ({
  name: `parked ${cause}`,
  startMs,
  endMs,
  attributes: {
    'fleet.park.cause': cause,
    ...(until !== undefined && { 'fleet.park.until': new Date(until).toISOString() }),
  },
});

function waitsOf(ids: Digest, task: Task, now: number): readonly Wait[] {
  const { state, createdAt } = task;
  if (isTerminal(state)) return [];
  switch (state.status) {
    case 'queued': {
      const { waited, resends } = state;
      // Each time its message is sent again it counts as queued anew.
      const since = waited?.until ?? (resends === undefined ? state.since : createdAt);
      const queued = { name: 'queued', startMs: since, endMs: now };
      return waited ? [parked(waited.cause, waited.since, waited.until), queued] : [queued];
    }
    case 'parked':
      return [parked(causeOf(state), state.since ?? Math.max(createdAt, Math.min(state.until, now)), now, state.until)];
    case 'running': {
      // Its worker stopped renewing the lease. What it did is not known.
      const lost = turnOf(ids, task, state, Math.min(state.leaseUntil, now));
      const crashed = { 'fleet.outcome': 'crashed', 'error.type': 'crashed' };
      return [
        { ...lost, status: 'error', attributes: { ...lost.attributes, ...crashed } },
        { name: 'recovery', startMs: state.leaseUntil, endMs: now },
      ];
    }
  }
}
