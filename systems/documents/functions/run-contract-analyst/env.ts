import { z } from 'zod';

/** The variables of the contract analyst itself. */
export const analystEnv = z.object({
  /** Whether pages without text are read by the model's vision. */
  SCANS: z.enum(['reject', 'read']).default('reject'),
});
