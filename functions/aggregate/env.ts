import { z } from 'zod';

/** Environment of a run's fan-in function. */
export const aggregateEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The bucket of the uploads, the run's results and the report. */
  ARTIFACT_BUCKET: z.string().min(1),
});
export type AggregateEnv = z.infer<typeof aggregateEnv>;
