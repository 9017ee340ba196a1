import { z } from 'zod';

/** Environment of the function that explains what the fleet does. */
export const readTelemetryEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Beginnings of the names of the fleet's log groups, with commas between them. */
  LOG_GROUPS: z.string().min(1),
  /** Begins the names of the fleet's services in logs and metrics, and with a dash of its alarms. */
  SERVICE_PREFIX: z.string().min(1),
});
export type ReadTelemetryEnv = z.infer<typeof readTelemetryEnv>;

/** The routes it serves. */
export const READ_TELEMETRY = [
  'GET /tasks/{id}/logs',
  'GET /tasks/{id}/trace',
  'GET /tasks/{id}/why',
  'GET /logs',
  'GET /alarms',
  'GET /alarms/{name}',
  'GET /metrics',
] as const;
