import { httpExporter } from '#adapters/otel/http-exporter.ts';
import { otelTracer, type OtelTracer } from '#adapters/otel/tracer.ts';
import { udpExporter } from '#adapters/otel/udp-exporter.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import type { SpanExporter } from '#adapters/otel/exporter.ts';
import type { TaskEvent } from '#core/ports/events.ts';
import type { Task } from '#core/tasks/task.ts';
import { endSpan } from '#core/tracing/later-spans.ts';
import { turnSpanId } from '#core/tracing/span-ids.ts';
import { parseXrayHeader } from '#core/tracing/traceparent.ts';

/** The share of traces that is kept unless `TRACE_SAMPLE_RATE` says otherwise. */
export const SAMPLE_RATE = 0.05;

const ids = nodeIds();

type Environment = Readonly<Record<string, string | undefined>>;

/** The tracer that the environment of a function asks for. Undefined where `TRACING` is not `otel`. */
export function tracerOf(env: Environment): OtelTracer | undefined {
  if (env['TRACING'] !== 'otel') return undefined;
  const exporter = exporterOf(env);
  return exporter && otelTracer({ sampleRate: rateOf(env['TRACE_SAMPLE_RATE']), exporter, invocation });
}

/** The segment of this invocation, if X-Ray keeps it. */
function invocation() {
  const header = process.env['_X_AMZN_TRACE_ID'] ?? '';
  const xray = header.includes('Sampled=1') ? parseXrayHeader(header) : undefined;
  return xray?.parentSpanId === undefined ? undefined : { traceId: xray.traceId, spanId: xray.parentSpanId };
}

/** OTLP over HTTP where an endpoint is set, else X-Ray's daemon, which Lambda has where tracing is active. */
function exporterOf(env: Environment): SpanExporter | undefined {
  const resource = {
    service: env['POWERTOOLS_SERVICE_NAME'] ?? 'agent-fleet',
    version: env['AWS_LAMBDA_FUNCTION_VERSION'],
  };
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = env;
  if (endpoint !== undefined && endpoint !== '') return httpExporter({ resource, endpoint, headers });
  const address = env['AWS_XRAY_DAEMON_ADDRESS'];
  return address === undefined ? undefined : udpExporter({ resource, address });
}

function rateOf(text: string | undefined): number {
  const rate = Number(text ?? SAMPLE_RATE);
  return rate >= 0 && rate <= 1 ? rate : SAMPLE_RATE;
}

/** The end of a task that no turn records: nobody works on it. */
export function traceEnd(task: Task, event: Extract<TaskEvent, { type: 'task.finished' }>): void {
  if (spans === undefined || spans.current()?.spanId === turnSpanId(ids, task.id, task.epoch)) return;
  spans.record(endSpan(ids, task, event, Date.now()));
}

/** This process's tracer. Undefined when nothing is traced, or by X-Ray's SDK (telemetry.ts). */
export const spans = tracerOf(process.env);
