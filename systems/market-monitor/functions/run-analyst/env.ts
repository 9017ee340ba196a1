import { z } from 'zod';

/** The variables of an analyst itself. */
export const analystEnv = z.object({
  /** Which analyst it is, as rules call it. */
  ANALYST: z.string().min(1),
  MARKET_TABLE: z.string().min(1),
});
export type AnalystEnv = z.infer<typeof analystEnv>;
