import { z } from 'zod';

/** Environment of the function that starts a run for each upload. */
export const intakeEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The bucket of the uploads. */
  ARTIFACT_BUCKET: z.string().min(1),
  INTAKE_QUEUE_URL: z.url(),
  STATE_MACHINE_ARN: z.string().min(1),
  /** Seconds without a new object after which an upload counts as complete. */
  QUIET_SECONDS: z.coerce.number().int().min(1).max(900),
});
export type IntakeEnv = z.infer<typeof intakeEnv>;
