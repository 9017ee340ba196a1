import { regionInFront, taskIdSchema, type TaskId } from '../tasks/task-id.ts';
import type { RegionIndex } from './epoch.ts';
import { taskIdAt, type RegionNames } from './home.ts';

/** A canary is accepted in each region this often. */
export const CANARY_EVERY_MS = 10_000;
/** A canary that takes longer than this is not done. */
const DONE_WITHIN_MS = 30_000;

/**
 * Whether a region does its work: a task that was accepted there not long ago has ended there. An answer to a ping is no
 * health: in an outage, functions answered for hours while nothing received from queues.
 * @param acceptedAt when the newest canary that ended was accepted, by the region's stopwatch. Null if none has ended
 */
export const doesWork = (acceptedAt: number | null, now: number): boolean =>
  acceptedAt !== null && now - acceptedAt < CANARY_EVERY_MS + DONE_WITHIN_MS;

/** The agent of canaries, which answers without a model. */
export const CANARY = 'canary';

/** The id of a canary: of its region, and of no home, since it must run while the region holds none. */
export const canaryId = (home: RegionIndex, unique: string, names: RegionNames): TaskId =>
  taskIdAt(home, taskIdSchema.parse(`${CANARY}-${unique}`), names);

/** Whether an id names a canary. */
export const isCanary = (id: string): boolean => IS_CANARY.test(id.slice(regionInFront(id).length));
const IS_CANARY = new RegExp(`^${CANARY}-[\\da-f]{8}(-[\\da-f]{4}){3}-[\\da-f]{12}$`);
