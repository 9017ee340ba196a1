import { z } from 'zod';

/** What the function that answers questions about the fleet is told. */
export const readFleetEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Begins the names of the pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
});
export type ReadFleetEnv = z.infer<typeof readFleetEnv>;

/** What it serves. */
export const READ_FLEET = [
  'GET /tasks',
  'GET /tasks/{id}/steps',
  'GET /sessions/{id}',
  'GET /runs',
  'GET /runs/{id}',
  'GET /escalations',
  'GET /pools',
  'GET /pools/{agent}/dead-letters',
  'GET /usage',
  'GET /agents',
  'GET /openapi.json',
] as const;
/** Of these, what asks for no key. */
export const WITHOUT_KEY: readonly string[] = ['GET /openapi.json'];
