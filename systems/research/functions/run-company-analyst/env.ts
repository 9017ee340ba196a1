import { z } from 'zod';

/** The variables of the analyst itself. */
export const analystEnv = z.object({
  /** The bucket with what scouts collected. */
  SNAPSHOT_BUCKET: z.string().min(1),
  RESEARCH_TABLE: z.string().min(1),
});
export type AnalystEnv = z.infer<typeof analystEnv>;
