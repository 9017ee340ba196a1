import { z } from 'zod';
import type { TaskId } from '../tasks/task.ts';

/**
 * The places of a tenant whose tasks are capped: a single item of the state table.
 * - P1 There are never more holders than the cap allows when a place is taken.
 * - P2 A claim takes its place before its first step and lets go of it after its last: a place belongs to an epoch, so
 *   that a late worker never lets go of what its successor holds.
 * - P3 A place whose task does not run any more is free, whoever should have let go of it: a running task that lost its
 *   worker keeps its place, for it is claimed again and goes on in it.
 */
export const placesSchema = z.object({
  tenant: z.string(),
  version: z.number().int().positive(),
  /** The epoch of the claim that holds it, by task. */
  holders: z.record(z.string(), z.number().int().positive()),
});
export type Places = z.infer<typeof placesSchema>;

/** Nobody holds a place yet: version 0 is never stored. */
export const noPlaces = (tenant: string): Places => ({ tenant, version: 0, holders: {} });

export type PlaceDecision =
  | { readonly ok: true; readonly places: Places }
  | { readonly ok: false; readonly refusal: 'unchanged' | 'full'; readonly places: Places };

export const freeOf = ({ holders }: Places, cap: number): number => Math.max(0, cap - Object.keys(holders).length);

/** Takes a place, or takes over the one that the task's earlier claim held. */
export function take(places: Places, taskId: TaskId, epoch: number, cap: number): PlaceDecision {
  const held = places.holders[taskId];
  if (held === undefined && freeOf(places, cap) === 0) return { ok: false, refusal: 'full', places };
  if (held !== undefined && held >= epoch) return { ok: false, refusal: 'unchanged', places };
  return accept(places, { ...places.holders, [taskId]: epoch });
}

/** Lets go of a place, unless a newer claim holds it. */
export function letGo(places: Places, taskId: TaskId, epoch: number): PlaceDecision {
  const held = places.holders[taskId];
  if (held === undefined || held > epoch) return { ok: false, refusal: 'unchanged', places };
  const { [taskId]: _, ...holders } = places.holders;
  return accept(places, holders);
}

/** Frees the places of tasks that do not run any more. */
export function free(places: Places, ended: ReadonlySet<string>): PlaceDecision {
  const holders = Object.fromEntries(Object.entries(places.holders).filter(([id]) => !ended.has(id)));
  if (Object.keys(holders).length === Object.keys(places.holders).length)
    return { ok: false, refusal: 'unchanged', places };
  return accept(places, holders);
}

const accept = (places: Places, holders: Places['holders']): PlaceDecision => ({
  ok: true,
  places: { ...places, holders, version: places.version + 1 },
});
