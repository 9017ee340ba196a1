import { z } from 'zod';
import type { KeptLine, LogFilter } from '../ports/log-reader.ts';
import { bounded, boundedValue, maskedError } from './masked.ts';

/** A line of the fleet's logs, for people and the API. Its further fields are those of the event. */
export interface LogLine {
  /** Identifies the line. The same each time that it is read. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: string;
  /** The event, such as `task.finished`. */
  readonly message: string;
  /** The function that wrote it: its service, such as `fleet-prod-assistant`. */
  readonly function: string;
  readonly tenant?: string | undefined;
  readonly agent?: string | undefined;
  readonly taskId?: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

const text = z.string().optional().catch(undefined);

/** A line that Powertools wrote. */
const recordSchema = z.looseObject({
  level: z.string().catch('INFO'),
  message: z.string(),
  service: text,
  function_name: text,
  function_request_id: text,
  xray_trace_id: text,
  trace_id: text,
  span_id: text,
  tenant: text,
  taskId: text,
  runId: text,
  task: z
    .looseObject({ id: text, tenant: text, agent: text, agentVersion: text, runId: text, sessionId: text })
    .optional()
    .catch(undefined),
});
type LogRecord = z.infer<typeof recordSchema>;

/** Fields that say nothing about the event, or that are shown under another name. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...Object.keys(recordSchema.shape),
  'timestamp',
  'cold_start',
  'function_arn',
  'function_memory_size',
  'sampling_rate',
  'keyId',
]);

/**
 * Reads a line as it was written. Null for a line that holds metrics, and for text that is not known to be free of
 * prompts, documents and outputs.
 */
export function readLine(kept: KeptLine): LogLine | null {
  const record = recordOf(kept.text);
  return record === null ? crashOf(kept) : lineOf(kept, record);
}

function recordOf(line: string): LogRecord | null {
  if (!line.startsWith('{')) return null;
  try {
    return recordSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

function lineOf({ id, at, group, service }: KeptLine, record: LogRecord): LogLine {
  const { task } = record;
  const named = {
    runId: task?.runId ?? record.runId,
    sessionId: task?.sessionId,
    agentVersion: task?.agentVersion,
    requestId: record.function_request_id,
    xrayTraceId: record.xray_trace_id,
    traceId: record.trace_id,
    spanId: record.span_id,
    ...(typeof task?.['epoch'] === 'number' && { epoch: task['epoch'] }),
  };
  const rest = Object.entries(record).filter(([name]) => !LEFT_OUT.has(name));
  const known = Object.entries(named).filter(([, value]) => value !== undefined);
  return {
    id,
    at,
    level: record.level,
    message: bounded(record.message),
    function: record.service ?? service ?? record.function_name ?? group,
    tenant: task?.tenant ?? record.tenant,
    agent: task?.agent,
    taskId: task?.id ?? record.taskId,
    fields: Object.fromEntries([...known, ...rest.map(fieldOf)]),
  };
}

function fieldOf([name, value]: readonly [string, unknown]): [string, unknown] {
  const isError = name === 'error' && typeof value === 'object' && value !== null;
  return [bounded(name), isError ? maskedError(value as Readonly<Record<string, unknown>>) : boundedValue(value)];
}

/**
 * Ways in which Lambda reports that a function crashed, as text. What a crashed function itself printed is left out.
 * https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
const CRASHES: readonly (readonly [RegExp, string])[] = [
  [/ Task timed out after [\d.]+ seconds$/, 'function.timed-out'],
  [/^RequestId: \S+ Error: Runtime exited/, 'function.exited'],
  [/^INIT_REPORT .*Status: (error|timeout)/, 'function.not-started'],
  [/\t(Invoke Error|Uncaught Exception|Unhandled Promise Rejection)\s+\{/, 'function.crashed'],
];
/** What such a line says that comes from Lambda alone. */
const SAYS = /Task timed out after [\d.]+ seconds|Runtime exited[\w :]*|Error Type: [\w.]+/;

function crashOf({ id, at, group, service, text: line }: KeptLine): LogLine | null {
  const found = CRASHES.find(([pattern]) => pattern.test(line));
  if (found === undefined) return null;
  const said = SAYS.exec(line)?.[0].trim();
  const error = errorIn(line);
  const fields = { ...(said !== undefined && { said }), ...(error !== null && { error }) };
  return { id, at, level: 'ERROR', message: found[1], function: service ?? group, fields };
}

/** The error at the end of a line, as Lambda writes it. */
function errorIn(line: string) {
  try {
    return maskedError(z.record(z.string(), z.unknown()).parse(JSON.parse(line.slice(line.indexOf('{')))));
  } catch {
    return null;
  }
}

const ERRORS: ReadonlySet<string> = new Set(['WARN', 'ERROR', 'CRITICAL', 'FATAL']);

/** Whether a line is a warning, an error or a crash. A failed task is a warning. */
export const isError = ({ level }: Pick<LogLine, 'level'>): boolean => ERRORS.has(level);

/** Whether a line fits the filter. Lines of no known tenant fit no tenant (I8). */
export const fits = (line: LogLine, { taskId, tenant, agents, services = [], errors = false }: LogFilter): boolean =>
  (taskId === undefined || line.taskId === taskId) &&
  (tenant === undefined || line.tenant === tenant) &&
  (agents === undefined || agents.includes(line.agent ?? '') || services.includes(line.function)) &&
  (!errors || isError(line));
