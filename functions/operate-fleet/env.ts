import { z } from 'zod';

/** What the function that changes what runs is told. */
export const operateFleetEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Begins the names of the pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
});
export type OperateFleetEnv = z.infer<typeof operateFleetEnv>;

/** What it serves. */
export const OPERATE_FLEET = [
  'POST /tasks/{id}/cancel',
  'POST /runs/{id}/cancel',
  'DELETE /sessions/{id}',
  'POST /pools/{agent}/pause',
  'POST /pools/{agent}/resume',
  'POST /pools/{agent}/redrive',
  'POST /escalations/{id}/claim',
  'POST /escalations/{id}/answer',
] as const;
