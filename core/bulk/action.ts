import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';
import { taskIdSchema } from '../tasks/task-id.ts';

export const bulkKindSchema = z.enum(['cancel', 'retry', 'redrive']);
export type BulkKind = z.infer<typeof bulkKindSchema>;

/** Tasks of one page: the unit of progress. After a crash a page begins again. */
export const PAGE_SIZE = 50;

/**
 * A bulk action: one item of the state table.
 * - A1 Its tasks are chosen once, when it is accepted. They lie in the pages of its list, and never change.
 * - A2 It moves to the next page only after the page before has the outcome of each of its tasks.
 * - A3 A task may be acted on again after a crash. That changes nothing: a cancelled task stays cancelled, and the task
 *   that retries another has an id of its own.
 */
export const bulkActionSchema = storedRecord({
  id: z.string().min(1).max(128),
  tenant: z.string(),
  version: z.number().int().positive(),
  kind: bulkKindSchema,
  /** The filter as it was given, for people. */
  filter: z.record(z.string(), z.unknown()),
  /** SHA-256 of the request, to tell a replay from another body under the same key (I10). */
  digest: z.string(),
  /** The key that asked for it, and the agents that it may use; null for all. */
  caller: stored({ keyId: z.string(), agents: z.array(z.string()).nullable() }),
  createdAt: z.number(),
  /** Where its pages lie. */
  list: z.string(),
  /** Number of tasks, and of pages. */
  count: z.number().int().nonnegative(),
  pages: z.number().int().nonnegative(),
  /** In US dollars: what its tasks cost before, what it is expected to cost, and at most. */
  spentUsd: z.number(),
  usd: z.number(),
  maxUsd: z.number(),
  /** The page that comes next. */
  page: z.number().int().nonnegative(),
  done: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  cancelledAt: z.number().optional(),
  endedAt: z.number().optional(),
});
export type BulkAction = z.infer<typeof bulkActionSchema>;

/** What became of a task. `skipped`: it needed nothing, or no longer could be acted on. */
export const bulkOutcomeSchema = z.enum(['done', 'skipped', 'failed']);
export type BulkOutcome = z.infer<typeof bulkOutcomeSchema>;

const bulkItemSchema = stored({
  task: taskIdSchema,
  outcome: bulkOutcomeSchema.optional(),
  /** The task that retries it. */
  retriedAs: taskIdSchema.optional(),
  /** Why it was skipped or failed. */
  reason: z.string().optional(),
});
export type BulkItem = z.infer<typeof bulkItemSchema>;

/** Some of an action's tasks, oldest first: one item of the state table. */
export const bulkPageSchema = storedRecord({
  list: z.string(),
  index: z.number().int().nonnegative(),
  version: z.number().int().positive(),
  items: z.array(bulkItemSchema),
});
export type BulkPage = z.infer<typeof bulkPageSchema>;

export const isFinished = ({ items }: BulkPage): boolean => items.every(({ outcome }) => outcome !== undefined);

/** Moves to the next page, once this one has all its outcomes (A2). Null if the action is past it. */
export function pastPage(action: BulkAction, page: BulkPage, now: number): BulkAction | null {
  if (action.page !== page.index || !isFinished(page) || action.endedAt !== undefined) return null;
  const count = (outcome: BulkOutcome): number => page.items.filter((item) => item.outcome === outcome).length;
  const next = action.page + 1;
  return {
    ...action,
    version: action.version + 1,
    page: next,
    done: action.done + count('done'),
    skipped: action.skipped + count('skipped'),
    failed: action.failed + count('failed'),
    ...(next >= action.pages && { endedAt: now }),
  };
}

/** Stops after the page under way. Null if the action has ended or is already being stopped. */
export const stopAction = (action: BulkAction, now: number): BulkAction | null =>
  action.endedAt !== undefined || action.cancelledAt !== undefined
    ? null
    : { ...action, version: action.version + 1, cancelledAt: now };

/** Ends a stopped action before its next page. The tasks of the pages that are left have no outcome. */
export const endStopped = (action: BulkAction, now: number): BulkAction | null =>
  action.cancelledAt === undefined || action.endedAt !== undefined
    ? null
    : { ...action, version: action.version + 1, endedAt: now };
