import { z } from 'zod';

const reportPlaceSchema = z.object({ workflow: z.string(), bucket: z.string(), report: z.string() });

/** Environment of the function that reads the fleet's state. */
export const readFleetEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Prefix of the names of the pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
  /** Where workflows write their reports, as JSON. */
  REPORTS: z.string().transform((text) => z.array(reportPlaceSchema).parse(JSON.parse(text))),
});
export type ReadFleetEnv = z.input<typeof readFleetEnv>;

/** The routes it serves. */
export const READ_FLEET = [
  'GET /tasks',
  'GET /tasks/{id}/steps',
  'GET /sessions/{id}',
  'GET /runs',
  'GET /runs/{id}',
  'GET /runs/{id}/report',
  'GET /escalations',
  'GET /bulk-actions',
  'GET /bulk-actions/{id}',
  'GET /pools',
  'GET /pools/{agent}/dead-letters',
  'GET /usage',
  'GET /agents',
  'GET /openapi.json',
] as const;
/** Those of its routes that need no key. */
export const WITHOUT_KEY: readonly string[] = ['GET /openapi.json'];
