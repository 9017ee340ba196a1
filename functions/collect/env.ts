import { z } from 'zod';
import { settleBatchEnv } from '../settle-batch/env.ts';

/** Environment of a pool's collector. It runs on a schedule, from the worker's bundle. */
export const collectEnv = settleBatchEnv.extend({
  /** The state machine that polls the batches it creates. */
  BATCH_STATE_MACHINE_ARN: z.string().min(1),
  /** The bucket of large inputs. */
  INPUT_BUCKET: z.string().min(1),
});
export type CollectEnv = z.infer<typeof collectEnv>;
