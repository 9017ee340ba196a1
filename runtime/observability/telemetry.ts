import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import { captureClients } from '#adapters/aws/once.ts';
import { unreadableRecords } from '#adapters/dynamodb/record.ts';
import { UnreadableRecord } from '#core/stored/record.ts';
import type { ReportEvent, TaskEvent } from '#core/ports/events.ts';
import type { Task } from '#core/tasks/task.ts';
import { parseTraceparent } from '#core/tracing/traceparent.ts';
import { metrics } from './emf.ts';
import { measure } from './measure.ts';
import { spans, traceEnd } from './tracing.ts';

/** JSON lines. Level and service name come from POWERTOOLS_* variables. Never log document text, prompts or outputs. */
export const logger = new Logger();
/**
 * X-Ray segments around the handler and the AWS clients. Undefined when tracing is off, and until `tracerLoaded`. The X-Ray
 * SDK is not loaded when it is off, since it follows every promise with async hooks, which takes a tenth of a worker's CPU
 * time (docs/benchmarks.md).
 */
export let tracer: Tracer | undefined;

/** Outside of Lambda there is nothing to trace, for instance in a command that has a module of a function. */
const isTraced =
  process.env['POWERTOOLS_TRACE_ENABLED'] !== 'false' && process.env['AWS_LAMBDA_FUNCTION_NAME'] !== undefined;

/** Resolves when there is a tracer, if there will be one: a function's module cannot wait while it loads. */
export const tracerLoaded = isTraced ? loadTracer() : undefined;

async function loadTracer(): Promise<void> {
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  const made = new Tracer();
  captureClients((client) => made.captureAWSv3Client(client));
  tracer = made;
}

export { metrics };

/**
 * The records that all functions of the fleet together could not read: under one service of its own, since an alarm cannot
 * sum over services. Written at once, because functions that have no metrics flush none.
 */
const unreadable = new Metrics({
  namespace: 'agent-fleet',
  serviceName: process.env['RECORDS_SERVICE'] ?? 'records',
  singleMetric: true,
});

// A record that this release cannot read is left alone. It shows that two releases run, or that one is missing.
unreadableRecords.subscribe((error) => {
  if (!(error instanceof UnreadableRecord)) return;
  logger.warn('record.unreadable', { record: error.record, reason: error.why });
  metrics.addMetric('RecordsUnreadable', MetricUnit.Count, 1);
  unreadable.addMetric('RecordsUnreadable', MetricUnit.Count, 1);
});

/** 1 when the run of a schedule's night had not succeeded by its check, else 0. Alarms find it by the schedule's name. */
export function measureRunMissed(schedule: string, missed: boolean): void {
  const metric = metrics.singleMetric();
  metric.addDimension('schedule', schedule);
  metric.addMetric('RunMissed', MetricUnit.Count, missed ? 1 : 0);
}

/** Turns task events into log lines and metrics. Each line has the ids of the task, its tenant, its run and its session. */
export const reportEvent: ReportEvent = (task, event) => {
  const { type, ...details } = event;
  const spent = type === 'task.finished' ? spentBy(task) : {};
  logger[levelOf(event)](type, { task: idsOf(task), ...placeInTrace(task), ...details, ...spent });
  measure(task, event);
  if (type === 'task.claimed') annotate(task);
  if (event.type === 'task.finished') traceEnd(task, event);
};

/** Annotations to find a trace by in X-Ray. */
function annotate({ id, runId, sessionId }: Task): void {
  tracer?.putAnnotation('taskId', id);
  if (runId !== undefined) tracer?.putAnnotation('runId', runId);
  if (sessionId !== undefined) tracer?.putAnnotation('sessionId', sessionId);
}

function idsOf(task: Task) {
  const { id, tenant, runId, sessionId, agent, agentVersion, epoch } = task;
  return { id, tenant, runId, sessionId, agent, agentVersion, epoch };
}

/** What a task cost in all, so that queries can sum up by agent, tenant and model. */
function spentBy({ spend: { usage, usd, lost }, model, epoch, crashes }: Task) {
  const { input, output, cacheRead, cacheWrite } = usage;
  const tokens = { tokensIn: input + cacheRead + cacheWrite, tokensOut: output, tokensCached: cacheRead };
  return { usd, lostUsd: lost.usd, ...tokens, model, claims: epoch, crashes };
}

/** A model call that takes longer is worth a line, in milliseconds. */
const SLOW_MS = 30_000;

/** The trace of the task and the span under way, under the names that OpenTelemetry has for them in logs. */
function placeInTrace(task: Task): { readonly trace_id?: string; readonly span_id?: string } {
  const traceId = parseTraceparent(task.traceparent)?.traceId;
  if (traceId === undefined) return {};
  const current = spans?.current();
  const spanId = current?.traceId === traceId ? current.spanId : undefined;
  return { trace_id: traceId, ...(spanId !== undefined && { span_id: spanId }) };
}

function levelOf(event: TaskEvent): 'info' | 'warn' | 'debug' {
  switch (event.type) {
    case 'task.created':
    case 'task.claimed':
    case 'slot.given':
    case 'answer.by-code':
      return 'debug';
    case 'model.answered':
      return event.ms < SLOW_MS ? 'debug' : 'info';
    case 'tool.ran':
      return event.isError ? 'info' : 'debug';
    case 'task.finished':
      return event.status === 'succeeded' ? 'info' : 'warn';
    case 'task.parked':
      return event.cause === 'agent-version' ? 'warn' : 'info';
    case 'task.claim-refused':
    case 'task.upgraded':
      return 'info';
    case 'task.claim-lost':
    case 'model.failed':
    case 'model.lost':
    case 'answer.refused':
    case 'budget.refused':
    case 'usage.lost':
    case 'tool.failed':
    case 'tool.given-up':
      return 'warn';
  }
}
