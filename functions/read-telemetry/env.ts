import { z } from 'zod';

/** Environment of the function that explains what the fleet does. */
export const readTelemetryEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Beginnings of the names of the fleet's log groups, with commas between them. */
  LOG_GROUPS: z.string().min(1),
  /** Begins the names of the fleet's services in logs and metrics, and with a dash of its alarms. */
  SERVICE_PREFIX: z.string().min(1),
  /** The bucket of the audit trail. */
  AUDIT_BUCKET: z.string().min(1),
});
export type ReadTelemetryEnv = z.infer<typeof readTelemetryEnv>;

/** The routes it serves. */
export const READ_TELEMETRY = [
  'GET /tasks/{id}/logs',
  'GET /tasks/{id}/trace',
  'GET /tasks/{id}/why',
  'GET /tasks/{id}/alarms',
  'GET /tasks/{id}/audit',
  'GET /logs',
  'GET /alarms',
  'GET /alarms/{name}',
  'GET /metrics',
] as const;

/** The file next to the function's code that lists the functions whose logs it reads. */
export const LOGGING_FUNCTIONS = 'logging-functions.json';

/** A function of the fleet, as that file lists it. */
export const loggingFunctionSchema = z.object({
  /** The beginning of its log group's name, which CloudFormation completes. */
  group: z.string(),
  service: z.string(),
  /** The agents of its system. None for functions of the platform, which serve all agents. */
  agents: z.array(z.string()),
});
export type LoggingFunction = z.infer<typeof loggingFunctionSchema>;
