import { z } from 'zod';
import { aggregateEnv } from '#functions/aggregate/env.ts';
import { mailEnv } from '../../mail/env.ts';

/** Environment of the barrier and the aggregator. */
export const researchRunEnv = z.object({
  ...aggregateEnv.shape,
  /** The bucket with what scouts collected. */
  SNAPSHOT_BUCKET: z.string().min(1),
  RESEARCH_TABLE: z.string().min(1),
  /** The local cloud sets it where the model is simulated. Nothing on AWS does. */
  ANTHROPIC_BASE_URL: z.string().optional(),
});
export type ResearchRunEnv = z.infer<typeof researchRunEnv>;

/** Environment of the aggregator. */
export const briefEnv = z.object({
  ...researchRunEnv.shape,
  ...mailEnv.shape,
  /** IANA time zone of the brief's readers. */
  ZONE: z.string().min(1),
});
