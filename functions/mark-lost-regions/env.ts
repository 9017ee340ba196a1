import { z } from 'zod';

/** Environment of the function that marks lost regions at the edge. */
export const markLostRegionsEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** JSON that names the fleet's regions (adapters/aws/regions.ts). */
  REGIONS: z.string().min(1),
  /** ARN of the KeyValueStore that the edge reads. */
  DOWN_STORE: z.string().min(1),
});
export type MarkLostRegionsEnv = z.infer<typeof markLostRegionsEnv>;
