import { z } from 'zod';
import { storedRecord } from '../stored/record.ts';
import type { TaskId } from '../tasks/task-id.ts';

/**
 * The permits of a tenant whose tasks are capped: a single item of the state table.
 * - P1 A permit is never acquired beyond the cap.
 * - P2 A claim acquires its permit before its first step and releases it after its last. A permit belongs to an epoch, so
 *   a late worker never releases its successor's.
 * - P3 The permit of a task that no longer runs is free, even if it was not released. A running task that lost its
 *   worker keeps its permit for the next claim.
 */
export const permitsSchema = storedRecord({
  tenant: z.string(),
  version: z.number().int().positive(),
  /** The epoch of the claim that holds it, by task. */
  holders: z.record(z.string(), z.number().int().positive()),
});
export type Permits = z.infer<typeof permitsSchema>;

/** Nobody holds a permit yet: version 0 is never stored. */
export const noPermits = (tenant: string): Permits => ({ tenant, version: 0, holders: {} });

export type PermitDecision =
  | { readonly ok: true; readonly permits: Permits }
  | { readonly ok: false; readonly refusal: 'unchanged' | 'full'; readonly permits: Permits };

export const freeOf = ({ holders }: Permits, cap: number): number => Math.max(0, cap - Object.keys(holders).length);

/** Acquires a permit, or takes over the one of the task's earlier claim. */
export function acquire(permits: Permits, taskId: TaskId, epoch: number, cap: number): PermitDecision {
  const held = permits.holders[taskId];
  if (held === undefined && freeOf(permits, cap) === 0) return { ok: false, refusal: 'full', permits };
  if (held !== undefined && held >= epoch) return { ok: false, refusal: 'unchanged', permits };
  return changed(permits, { ...permits.holders, [taskId]: epoch });
}

/** Releases a permit, unless a newer claim holds it. */
export function release(permits: Permits, taskId: TaskId, epoch: number): PermitDecision {
  const held = permits.holders[taskId];
  if (held === undefined || held > epoch) return { ok: false, refusal: 'unchanged', permits };
  const { [taskId]: _, ...holders } = permits.holders;
  return changed(permits, holders);
}

/** Releases the permits of tasks that no longer run. */
export function releaseEnded(permits: Permits, ended: ReadonlySet<string>): PermitDecision {
  const holders = Object.fromEntries(Object.entries(permits.holders).filter(([id]) => !ended.has(id)));
  if (Object.keys(holders).length === Object.keys(permits.holders).length)
    return { ok: false, refusal: 'unchanged', permits };
  return changed(permits, holders);
}

const changed = (permits: Permits, holders: Permits['holders']): PermitDecision => ({
  ok: true,
  permits: { ...permits, holders, version: permits.version + 1 },
});
