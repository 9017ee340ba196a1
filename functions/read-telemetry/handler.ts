import { cloudwatchAlarmReader } from '#adapters/cloudwatch/alarm-reader.ts';
import { cloudwatchMetricReader } from '#adapters/cloudwatch/metric-reader.ts';
import { cloudwatchLogReader } from '#adapters/cloudwatch-logs/log-reader.ts';
import { dynamodbPermitStore } from '#adapters/dynamodb/permit-store.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { s3AuditReader } from '#adapters/s3/audit-reader.ts';
import { xrayTraceReader } from '#adapters/xray/trace-reader.ts';
import { getTaskAlarms } from '#core/api/alarms/of-task.ts';
import { getAlarm, listAlarms } from '#core/api/alarms/rules.ts';
import { getTaskAudit } from '#core/api/audit/rules.ts';
import { getTaskLogs, listLogs } from '#core/api/logs/rules.ts';
import { getMetrics } from '#core/api/metrics/rules.ts';
import { getTaskTrace } from '#core/api/traces/rules.ts';
import { whyTask } from '#core/api/why/rules.ts';
import { agentCatalogue } from '#runtime/http/agent-catalogue.ts';
import { serve } from '#runtime/http/serve.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { readTelemetryEnv } from './env.ts';
import { loggingFunctions } from './logging-functions.ts';

const env = parseEnv(readTelemetryEnv);
const table = env.STATE_TABLE;
const ports = {
  store: dynamodbTaskStore({ table }),
  sessions: dynamodbSessionStore({ table }),
  permits: dynamodbPermitStore({ table }),
  pools: dynamodbPoolStore({ table }),
  clock: systemClock(),
  ids: nodeIds(),
  traces: xrayTraceReader(),
  logs: cloudwatchLogReader({ prefixes: env.LOG_GROUPS.split(','), functions: loggingFunctions() }),
  serviceOf: (agent: string): string => `${env.SERVICE_PREFIX}-${agent}`,
  alarms: cloudwatchAlarmReader({ prefix: `${env.SERVICE_PREFIX}-` }),
  metrics: cloudwatchMetricReader(),
  trail: s3AuditReader({ bucket: env.AUDIT_BUCKET }),
  names: { prefix: env.SERVICE_PREFIX, agents: [...agentCatalogue().keys()] },
};

/** Explains what the fleet does, from its state and from what it recorded. Changes nothing. */
export const handler = serve('read-telemetry', {
  async getTaskLogs({ caller, params, query, ...request }) {
    const asked = { id: params.id, query, timeLeftMs: request.timeLeftMs() };
    return { body: await getTaskLogs(ports, caller, asked) };
  },
  getTaskTrace: async ({ caller, params }) => ({ body: await getTaskTrace(ports, caller, params.id) }),
  async listLogs({ caller, query, ...request }) {
    return { body: await listLogs(ports, caller, { query, timeLeftMs: request.timeLeftMs() }) };
  },
  whyTask: async ({ caller, params }) => ({ body: await whyTask(ports, caller, params.id) }),
  listAlarms: async ({ caller }) => ({ body: await listAlarms(ports, caller) }),
  getAlarm: async ({ caller, params }) => ({ body: await getAlarm(ports, caller, params.name) }),
  getTaskAlarms: async ({ caller, params }) => ({ body: await getTaskAlarms(ports, caller, params.id) }),
  getTaskAudit: async ({ caller, params }) => ({ body: await getTaskAudit(ports, caller, params.id) }),
  getMetrics: async ({ caller, query }) => ({ body: await getMetrics(ports, caller, query) }),
});
