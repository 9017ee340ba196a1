import { z } from 'zod';

/** Environment of the function that begins a run of a pipeline: it registers the run and parses its items. */
export const beginPipelineEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** The bucket of the system, with lists of items and what the barrier writes. */
  ARTIFACT_BUCKET: z.string().min(1),
  /** The bucket of the API's uploads. */
  INPUT_BUCKET: z.string().min(1),
  /** The name of the pipeline. */
  WORKFLOW: z.string().min(1),
  /** The tenant of runs whose input names none. */
  TENANT: z.string().min(1),
  /** Seconds that a run may take. */
  DEADLINE_SECONDS: z.coerce.number().int().positive(),
  /** Most US dollars of an item in each stage, separated by commas. */
  STAGE_USD: z.string().transform((text) => text.split(',').map((usd) => z.coerce.number().positive().parse(usd))),
});
export type BeginPipelineEnv = z.infer<typeof beginPipelineEnv>;
