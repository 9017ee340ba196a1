import { z } from 'zod';

/** Environment of the function that ends a run whose execution was stopped. */
export const endRunEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Prefix of the names of all pools' queues. */
  QUEUE_PREFIX: z.string().min(1),
  /** The fan-in, which writes the report over what was done. */
  AGGREGATOR: z.string().min(1),
  /** The tenant that owns the run. */
  TENANT: z.string().min(1),
  /** A pipeline's bucket with its runs. */
  ARTIFACT_BUCKET: z.string().min(1).optional(),
  /** A pipeline's stages, as JSON: the agents before the barrier, then those after it. Absent: the runs are fan-outs. */
  STAGES: z
    .string()
    .transform((text) => z.array(z.array(z.string())).parse(JSON.parse(text)))
    .optional(),
});
export type EndRunEnv = z.input<typeof endRunEnv>;
