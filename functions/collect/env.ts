import { z } from 'zod';
import { settleBatchEnv } from '../settle-batch/env.ts';

/** What the collector of a pool is told; it runs on a schedule, on the worker's code. */
export const collectEnv = settleBatchEnv.extend({
  /** Polls the batches that it makes. */
  BATCH_STATE_MACHINE_ARN: z.string().min(1),
  /** Where large inputs are uploaded to. */
  INPUT_BUCKET: z.string().min(1),
});
export type CollectEnv = z.infer<typeof collectEnv>;
