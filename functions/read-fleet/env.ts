import { z } from 'zod';

/** Environment of the function that reads the fleet's state. */
export const readFleetEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Prefix of the names of the pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
});
export type ReadFleetEnv = z.infer<typeof readFleetEnv>;

/** The routes it serves. */
export const READ_FLEET = [
  'GET /tasks',
  'GET /tasks/{id}/steps',
  'GET /sessions/{id}',
  'GET /runs',
  'GET /runs/{id}',
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
