import { z } from 'zod';

/** What a run's fan-in function is told. */
export const aggregateEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Holds the uploads, the run's results and the report. */
  ARTIFACT_BUCKET: z.string().min(1),
});
export type AggregateEnv = z.infer<typeof aggregateEnv>;
