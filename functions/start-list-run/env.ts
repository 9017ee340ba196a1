import { z } from 'zod';

/** Environment of the function that starts a run of a pipeline for each list that is put into the bucket. */
export const startListRunEnv = z.object({
  /** The bucket of the lists, and of the pipeline's items. */
  ARTIFACT_BUCKET: z.string().min(1),
  /** Begins the keys of lists, such as `lists/`. */
  LISTS: z.string().endsWith('/'),
  /** Begins the keys of their items, which the pipeline may read. */
  LIST_ITEMS: z.string().endsWith('/'),
  STATE_MACHINE_ARN: z.string().min(1),
  /** The name of the pipeline. */
  WORKFLOW: z.string().min(1),
  /** IANA time zone whose date a run gets. */
  ZONE: z.string().min(1),
  /** Most US dollars of a run. */
  MAX_USD: z.coerce.number().positive(),
});
export type StartListRunEnv = z.infer<typeof startListRunEnv>;
