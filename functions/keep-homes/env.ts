import { z } from 'zod';

/** Environment of a region's keeper. */
export const keepHomesEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** JSON that names the fleet's regions (adapters/aws/regions.ts). */
  REGIONS: z.string().min(1),
  /** Prefix of the names of all pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
  /** JSON array of the names of all agents. */
  AGENTS: z.string().min(1),
});
export type KeepHomesEnv = z.infer<typeof keepHomesEnv>;
