import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { TaskStore } from '../../ports/task-store.ts';
import type { KeptSpan, TraceReader } from '../../ports/trace-reader.ts';
import { traceOf } from '../../tracing/span-ids.ts';
import { openSpans } from '../../tracing/waits.ts';
import type { Caller } from '../http/caller.ts';
import { readTask } from '../tasks/get-task.ts';
import type { SpanView, TraceView } from './messages.ts';

export interface TracePorts {
  readonly store: TaskStore;
  readonly traces: TraceReader;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'digest'>;
}

/** Spans of an answer. A Lambda function's answer has at most 6 MB. */
const MAX_SPANS = 2_000;

/**
 * Returns the trace of a task. Throws `ApiProblem`: not found for any other tenant's task (I8). A caller chooses the trace
 * that its task goes on with, so it may be another tenant's: only spans of the own tenant are returned.
 */
export async function getTaskTrace(ports: TracePorts, caller: Caller, id: string): Promise<TraceView> {
  const task = await readTask(ports.store, caller, id);
  const trace = traceOf(ports.ids, task);
  const { traceId } = trace;
  const now = ports.clock.now();
  const asOf = new Date(now).toISOString();
  const kept = (await ports.traces.read(traceId)).filter((span) => maySee(caller, span));
  const known = new Set(kept.map(({ spanId }) => spanId));
  const open = openSpans(ports.ids, trace, task, now).filter(({ spanId }) => !known.has(spanId));
  const spans = [...kept, ...open].toSorted((one, other) => one.startMs - other.startMs);
  const isTruncated = spans.length > MAX_SPANS;
  return { traceId, spans: spans.slice(0, MAX_SPANS).map(viewOf), ...(isTruncated && { truncated: true }), asOf };
}

function maySee({ tenant, agents }: Caller, { attributes }: KeptSpan): boolean {
  if (attributes['fleet.tenant'] !== tenant) return false;
  const agent = attributes['gen_ai.agent.name'];
  return agents === null || agent === undefined || agents.includes(String(agent));
}

function viewOf({ spanId, parentSpanId, name, kind, startMs, endMs, status, attributes, links }: KeptSpan): SpanView {
  return {
    spanId,
    name,
    kind,
    startMs,
    endMs,
    status,
    attributes: { ...attributes },
    ...(parentSpanId !== undefined && { parentSpanId }),
    ...(links && { links: [...links] }),
  };
}
