import type { TaskEvent } from '../ports/events.ts';
import type { Ids } from '../ports/ids.ts';
import type { Span } from '../ports/tracer.ts';
import type { ModelStep } from '../tasks/step.ts';
import type { Task } from '../tasks/task.ts';
import { costAttributes, usageAttributes } from './model-attributes.ts';
import { endSpanId, modelSpanId, runContext, traceOf } from './span-ids.ts';
import { taskAttributes } from './task-attributes.ts';

/** Spans of what happens to a task while no worker holds it. */
type Digest = Pick<Ids, 'digest'>;

/** A model call that a batch answered: from entering the batch to its answer. @param model as it was asked for */
export function batchedCallSpan(ids: Digest, task: Task, model: string, step: ModelStep): Span {
  const trace = traceOf(ids, task);
  const stepId = `${task.id}/${step.index}`;
  return {
    ...trace,
    spanId: modelSpanId(ids, task.id, stepId, step.epoch),
    parentSpanId: trace.spanId,
    name: `chat ${model}`,
    kind: 'client',
    startMs: step.startedAt,
    endMs: step.endedAt,
    status: 'ok',
    attributes: {
      ...taskAttributes(task),
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': model,
      'fleet.step.id': stepId,
      'fleet.batch': true,
      ...usageAttributes(step),
      ...costAttributes(step.usd),
    },
  };
}

/** The moment at which a task ended without a worker: by a cancel, its deadline or its dead letter. */
export function endSpan(
  ids: Digest,
  task: Task,
  { status, failureKind, ms }: Extract<TaskEvent, { type: 'task.finished' }>,
  now: number,
): Span {
  const trace = traceOf(ids, task);
  return {
    ...trace,
    spanId: endSpanId(ids, task.id),
    parentSpanId: trace.spanId,
    name: `ended ${status}`,
    kind: 'internal',
    startMs: now,
    endMs: now,
    status: status === 'failed' ? 'error' : 'unset',
    attributes: {
      ...taskAttributes(task),
      'fleet.outcome': status,
      'fleet.task.ms': ms,
      ...(failureKind !== undefined && { 'error.type': failureKind }),
    },
  };
}

/** A run that has ended. Times are milliseconds since the epoch. */
export interface TracedRun {
  readonly runId: string;
  readonly workflow: string;
  readonly tenant: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly succeeded: boolean;
}

/** A run: a trace of its own, since one of 10,000 tasks would be too large. The turns of its tasks link to it. */
export function runSpan(ids: Digest, run: TracedRun, sampled: boolean): Span {
  const { runId, workflow, tenant, startedAt, endedAt, succeeded } = run;
  return {
    ...runContext(ids, runId),
    sampled,
    name: `invoke_workflow ${workflow}`,
    kind: 'internal',
    startMs: startedAt,
    endMs: endedAt,
    status: succeeded ? 'ok' : 'error',
    attributes: {
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.agent.name': workflow,
      'fleet.run.id': runId,
      'fleet.tenant': tenant,
    },
  };
}
