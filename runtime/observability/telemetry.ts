import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { captureClients } from '#adapters/aws/once.ts';
import { unreadableRecords } from '#adapters/dynamodb/record.ts';
import { UnreadableRecord } from '#core/stored/record.ts';
import type { ReportEvent, TaskEvent } from '#core/ports/events.ts';
import { tokensOf } from '#core/models/price.ts';
import type { Task } from '#core/tasks/task.ts';
import { parseTraceparent } from '#core/tracing/traceparent.ts';
import { traceEnd } from './tracing.ts';

/** JSON lines. Level and service name come from POWERTOOLS_* variables. Never log document text, prompts or outputs. */
export const logger = new Logger();
/**
 * X-Ray segments around the handler and the AWS clients. Undefined when tracing is off. The X-Ray SDK is not loaded then,
 * since it follows every promise with async hooks, which takes a tenth of a worker's CPU time (docs/benchmarks.md).
 */
export const tracer = process.env['POWERTOOLS_TRACE_ENABLED'] === 'false' ? undefined : await newTracer();

async function newTracer() {
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  const made = new Tracer();
  captureClients((client) => made.captureAWSv3Client(client));
  return made;
}

/** Embedded metric format: CloudWatch extracts metrics from log lines, without API calls. */
export const metrics = new Metrics({ namespace: 'agent-fleet' });

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
  logger[levelOf(event)](type, { task: idsOf(task), ...traceIdOf(task), ...details });
  measure(event);
  if (type === 'task.claimed') annotate(task);
  if (event.type === 'task.finished') traceEnd(task, event);
};

/** Annotations to find a trace by in X-Ray. */
function annotate({ id, runId, sessionId }: Task): void {
  tracer?.putAnnotation('taskId', id);
  if (runId !== undefined) tracer?.putAnnotation('runId', runId);
  if (sessionId !== undefined) tracer?.putAnnotation('sessionId', sessionId);
}

/** The name that OpenTelemetry has for it in logs. */
function traceIdOf({ traceparent }: Task) {
  const trace = parseTraceparent(traceparent);
  return trace && { trace_id: trace.traceId };
}

function idsOf(task: Task) {
  const { id, tenant, runId, sessionId, agent, agentVersion, epoch } = task;
  return { id, tenant, runId, sessionId, agent, agentVersion, epoch };
}

function levelOf(event: TaskEvent): 'info' | 'warn' | 'debug' {
  switch (event.type) {
    case 'task.created':
    case 'task.claimed':
    case 'model.answered':
    case 'slot.given':
    case 'tool.ran':
    case 'answer.by-code':
      return 'debug';
    case 'task.finished':
      return event.status === 'succeeded' ? 'info' : 'warn';
    case 'task.parked':
      return event.cause === 'agent-version' ? 'warn' : 'info';
    case 'task.claim-refused':
    case 'task.upgraded':
      return 'info';
    case 'task.claim-lost':
    case 'model.failed':
    case 'answer.refused':
    case 'budget.refused':
    case 'usage.lost':
    case 'tool.failed':
    case 'tool.given-up':
      return 'warn';
  }
}

function measure(event: TaskEvent): void {
  switch (event.type) {
    case 'task.claimed':
      return void metrics.addMetric('TaskWait', MetricUnit.Milliseconds, event.waitedMs);
    case 'task.finished':
      metrics.addMetric(`Tasks${titleCase(event.status)}`, MetricUnit.Count, 1);
      return void metrics.addMetric('TaskTime', MetricUnit.Milliseconds, event.ms);
    case 'task.parked':
      return void metrics.addMetric(`TasksParked${titleCase(event.cause)}`, MetricUnit.Count, 1);
    case 'model.answered':
      metrics.addMetric('ModelLatency', MetricUnit.Milliseconds, event.ms);
      metrics.addMetric('ModelTokens', MetricUnit.Count, tokensOf(event.usage));
      metrics.addMetric('ModelMicroDollars', MetricUnit.Count, event.usd * 1e6);
      return void metrics.addMetric('CacheSavedMicroDollars', MetricUnit.Count, event.savedUsd * 1e6);
    case 'model.failed':
      return void metrics.addMetric(`ModelFailed${titleCase(event.failureKind)}`, MetricUnit.Count, 1);
    case 'answer.refused':
      return void metrics.addMetric('AnswersRefused', MetricUnit.Count, 1);
    case 'answer.by-code':
      return void metrics.addMetric('AnswersByCode', MetricUnit.Count, 1);
    case 'task.upgraded':
      return void metrics.addMetric('TasksRose', MetricUnit.Count, 1);
    case 'slot.given':
      return void metrics.addMetric(event.parked ? 'SlotParked' : 'SlotWait', MetricUnit.Milliseconds, event.ms);
    case 'budget.refused':
      return void metrics.addMetric(`DayBudgetRefusals${titleCase(event.of)}`, MetricUnit.Count, 1);
    case 'usage.lost':
      return void metrics.addMetric('UsageLost', MetricUnit.Count, 1);
    case 'tool.ran':
      return void metrics.addMetric('ToolLatency', MetricUnit.Milliseconds, event.ms);
    case 'task.created':
    case 'task.claim-refused':
    case 'task.claim-lost':
    case 'tool.failed':
    case 'tool.given-up':
      return undefined;
  }
}

const titleCase = (words: string): string =>
  words.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
