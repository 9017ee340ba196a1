import { z } from 'zod';
import { storedRecord } from '../stored/record.ts';

/** A run that a client asked for: its tasks are found by their ids, which are made from the run's and their place. */
export const runSchema = storedRecord({
  id: z.string().min(1).max(128),
  tenant: z.string(),
  /** A word for people. */
  name: z.string().optional(),
  createdAt: z.number(),
  /** Tasks that were asked for; some may have been refused. */
  size: z.number().int().positive(),
  /** SHA-256 of the request, to tell a replay from another body under the same key (I10). */
  digest: z.string(),
});
export type Run = z.infer<typeof runSchema>;

/** The idempotency key of a run's task: handing the run in again makes no other task. */
export const taskKeyInRun = ({ id }: Pick<Run, 'id'>, index: number): string => `run:${id}/${index}`;
