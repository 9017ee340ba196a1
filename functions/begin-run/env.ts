import { z } from 'zod';

/** Environment of the function that begins a run: it registers the run and reads its limits. */
export const beginRunEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The bucket of the uploads. */
  ARTIFACT_BUCKET: z.string().min(1),
  /** The tenant that owns the run. */
  TENANT: z.string().min(1),
});
export type BeginRunEnv = z.infer<typeof beginRunEnv>;
