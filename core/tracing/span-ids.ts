import type { Ids } from '../ports/ids.ts';
import type { SpanContext, Tracer } from '../ports/tracer.ts';
import type { Task } from '../tasks/task.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

/**
 * Ids of spans follow from what the span is about. So a worker that resumes a task, a child that names its parent's step
 * and a callback sent an hour later all agree on them, and nothing of a trace but its `traceparent` is stored.
 */
type Digest = Pick<Ids, 'digest'>;

const HEX_OF_SPAN = 16;

const spanId = (ids: Digest, about: readonly (string | number)[]): string =>
  ids.digest(JSON.stringify(['span', ...about])).slice(0, HEX_OF_SPAN);

/** The turn of a worker: one claim of a task. */
export const turnSpanId = (ids: Digest, taskId: string, epoch: number): string => spanId(ids, [taskId, 'turn', epoch]);
/** A tool call or a delegation. It is the same in each epoch, since the delegated tasks name it as their parent. */
export const toolSpanId = (ids: Digest, taskId: string, step: number): string => spanId(ids, [taskId, 'tool', step]);
/** A model call. Each epoch makes its own. */
export const modelSpanId = (ids: Digest, taskId: string, step: string, epoch: number): string =>
  spanId(ids, [taskId, 'model', step, epoch]);
/** A wait that ended with a claim. */
export const waitSpanId = (ids: Digest, taskId: string, epoch: number, name: string): string =>
  spanId(ids, [taskId, 'wait', epoch, name]);
/** One delivery of a task's callback. */
export const callbackSpanId = (ids: Digest, taskId: string, attempt: number): string =>
  spanId(ids, [taskId, 'callback', attempt]);

/** The end of a task without a worker. */
export const endSpanId = (ids: Digest, taskId: string): string => spanId(ids, [taskId, 'ended']);

/** The span of a run, which is its trace too. */
export const runContext = (ids: Digest, runId: string): Pick<SpanContext, 'traceId' | 'spanId'> => ({
  traceId: ids.digest(JSON.stringify(['trace', 'run', runId])).slice(0, 32),
  spanId: spanId(ids, ['run', runId]),
});

/** Seconds in hex, as X-Ray wants them at the start of a trace's id. */
const seconds = (ms: number): string =>
  Math.max(1, Math.floor(ms / 1_000))
    .toString(16)
    .padStart(8, '0')
    .slice(-8);

/** The id of a trace that begins here. @param unique what no other trace begins with */
export const newTraceId = (ids: Digest, unique: string, now: number): string =>
  `${seconds(now)}${ids.digest(JSON.stringify(['trace', unique])).slice(0, 24)}`;

/**
 * The `traceparent` of a task that nothing traced has led to. Its spans' parent is a span that nobody records, as if the
 * caller had sent one.
 */
export function newTraceparent(
  ids: Digest,
  tracer: Pick<Tracer, 'samples'> | undefined,
  taskId: string,
  createdAt: number,
): string {
  const traceId = newTraceId(ids, taskId, createdAt);
  return formatTraceparent({ traceId, spanId: rootSpanId(ids, taskId), sampled: tracer?.samples(traceId) ?? false });
}

/** The span that stands for a task's acceptance where no API request did. */
export const rootSpanId = (ids: Digest, taskId: string): string => spanId(ids, [taskId, 'accepted']);

/** The trace of a task: as it was accepted with, or derived for a task of a release that stored none. */
export function traceOf(ids: Digest, { id, createdAt, traceparent }: TracedTask): SpanContext {
  const stored = parseTraceparent(traceparent);
  if (stored) return stored;
  return { traceId: newTraceId(ids, id, createdAt), spanId: rootSpanId(ids, id), sampled: false };
}

export type TracedTask = Pick<Task, 'id' | 'createdAt' | 'traceparent'>;

/** The `traceparent` of a task that `parent` delegates in the given step: the same trace, below that step. */
export const childTraceparent = (ids: Digest, parent: TracedTask, step: number): string =>
  formatTraceparent({ ...traceOf(ids, parent), spanId: toolSpanId(ids, parent.id, step) });
