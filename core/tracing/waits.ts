import type { Ids } from '../ports/ids.ts';
import type { Span, SpanContext } from '../ports/tracer.ts';
import { LEASE_MS } from '../tasks/claim.ts';
import { causeOf } from '../tasks/park-cause.ts';
import { isTerminal, type Task } from '../tasks/task.ts';
import { waitSpanId } from './span-ids.ts';
import { taskAttributes } from './task-attributes.ts';

type Wait = Pick<Span, 'name' | 'startMs' | 'endMs'> & Partial<Pick<Span, 'status' | 'attributes'>>;

/**
 * What a task waited for until now, as spans: in its queue, parked for a cause, or for the lease of a worker that died.
 * @param before the task as it was found
 */
export function waitSpans(
  ids: Pick<Ids, 'digest'>,
  trace: SpanContext,
  before: Task,
  { epoch }: Pick<Task, 'epoch'>,
  now: number,
): readonly Span[] {
  return waitsOf(before, now).map(({ name, startMs, endMs, status = 'unset', attributes }) => ({
    traceId: trace.traceId,
    sampled: trace.sampled,
    spanId: waitSpanId(ids, before.id, epoch, name),
    parentSpanId: trace.spanId,
    name,
    kind: 'internal',
    // Clocks of two machines differ.
    startMs: Math.min(startMs, endMs),
    endMs,
    status,
    attributes: { ...taskAttributes(before), ...attributes },
  }));
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

function waitsOf({ state, createdAt }: Task, now: number): readonly Wait[] {
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
    case 'running':
      // Its worker stopped renewing the lease. What it did since is not known.
      return [
        {
          name: 'lease of a dead worker',
          startMs: state.leaseUntil - LEASE_MS,
          endMs: now,
          status: 'error',
          attributes: { 'error.type': 'crashed' },
        },
      ];
  }
}
