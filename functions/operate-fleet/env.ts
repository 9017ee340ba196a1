import { z } from 'zod';

/** Environment of the function that operates the fleet. */
export const operateFleetEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Prefix of the names of the pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
  /** The queue of bulk actions. */
  BULK_QUEUE_URL: z.url(),
});
export type OperateFleetEnv = z.infer<typeof operateFleetEnv>;

/** The routes it serves. */
export const OPERATE_FLEET = [
  'POST /tasks/{id}/cancel',
  'POST /tasks/{id}/retry',
  'POST /runs/{id}/cancel',
  'DELETE /sessions/{id}',
  'POST /pools/{agent}/pause',
  'POST /pools/{agent}/resume',
  'POST /pools/{agent}/redrive',
  'POST /fleet/pause',
  'POST /fleet/resume',
  'POST /tenants/{tenant}/pause',
  'POST /tenants/{tenant}/resume',
  'POST /bulk-actions',
  'POST /bulk-actions/{id}/cancel',
  'POST /escalations/{id}/claim',
  'POST /escalations/{id}/answer',
] as const;
