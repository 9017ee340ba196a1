import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';
import type { Task } from '../tasks/task.ts';
import { taskIdSchema } from '../tasks/task-id.ts';

/**
 * A batch of model calls, from the intent to make it to its end.
 * 1. `gathering`: its entries are the tasks that may come into it. Nothing is made at the provider.
 * 2. `intended`: its entries are settled, and it may have been made there: only the provider knows.
 * 3. `made`: it is there, under the provider's id.
 * 4. `undoing`: it was surely not made; its tasks go back to wait.
 * 5. `over`: no task's call lies in it any more.
 */
const stateSchema = z.discriminatedUnion('status', [
  stored({ status: z.literal('gathering') }),
  stored({ status: z.literal('intended'), at: z.number() }),
  stored({
    status: z.literal('made'),
    providerId: z.string().min(1),
    /** When somebody looked at it last. */
    seenAt: z.number(),
  }),
  stored({ status: z.literal('undoing') }),
  stored({ status: z.literal('over'), at: z.number(), providerId: z.string().optional() }),
]);

const entrySchema = stored({
  taskId: taskIdSchema,
  customId: z.string(),
  /** As the catalogue names it. */
  model: z.string(),
});
export type Entry = z.infer<typeof entrySchema>;

/** A single item of the state table; each write is conditional on the version it was decided from. */
export const batchSchema = storedRecord({
  id: z.string().min(1),
  agent: z.string(),
  /** When its collector began it, in milliseconds. */
  begunAt: z.number(),
  version: z.number().int().positive(),
  entries: z.array(entrySchema),
  state: stateSchema,
});
export type Batch = z.infer<typeof batchSchema>;

/** The next state of a batch. */
export const moveBatch = (batch: Batch, change: Partial<Pick<Batch, 'entries' | 'state'>>): Batch => ({
  ...batch,
  ...change,
  version: batch.version + 1,
});

const CUSTOM_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The custom id of a waiting task's next call: its step's id, in the characters that the provider takes, and the task's
 * epoch. Each batch that the task enters is a new epoch, so the id tells its entries apart. Throws an `Error` for an id
 * that is too long.
 */
export function customIdOf({ id, steps, epoch }: Pick<Task, 'id' | 'steps' | 'epoch'>): string {
  const customId = `${id.replace('.', '-')}_${steps.length}_${epoch}`;
  if (CUSTOM_ID.test(customId)) return customId;
  throw new Error(
    `Task ${id} cannot go into a batch: "${customId}" is not a valid custom id (1 to 64 letters, digits, _ or -).`,
  );
}
