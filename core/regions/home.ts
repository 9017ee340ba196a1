import { taskIdSchema, type TaskId } from '../tasks/task-id.ts';
import type { RegionIndex } from './epoch.ts';

/**
 * The home of a task: the region that works on it unless it is taken over. It is readable from the task's id, and the
 * same whichever region receives a request (I10).
 */

/** Short names of a fleet's regions, as ids and keys carry them: `us`, `eu`, `ap`. A new region is added at the end. */
export type RegionNames = readonly [string, ...string[]];

/** A region's name in ids and keys. Agents' names and the ids of one region have no dot. */
const IN_FRONT = /^([a-z]{2,8})\.(?=.)/;

/** The home of a task. Ids without a region belong to the fleet's first one, so a fleet of one region can grow. */
export const homeOfTask = (id: TaskId, names: RegionNames): RegionIndex =>
  Math.max(0, names.indexOf(IN_FRONT.exec(id)?.[1] ?? ''));

/** The id of a task of a home. The first region's ids stay as they are in a fleet of one region. */
export const taskIdAt = (home: RegionIndex, id: TaskId, names: RegionNames): TaskId =>
  home === 0 ? id : taskIdSchema.parse(`${names[home]}.${id}`);

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** An idempotency key as our client makes it. A retry in another region finds the same home. */
export const keyMadeIn = (region: string, uuid: string): string => `${region}.${uuid}`;

/**
 * The home of a request with an idempotency key: the region in a key of our client, else the tenant's home. Keys that
 * look like ours by chance still mean the same home everywhere, as long as the fleet has that region.
 */
export function homeOfKey(key: string, tenantHome: RegionIndex, names: RegionNames): RegionIndex {
  const name = IN_FRONT.exec(key)?.[1] ?? '';
  const isOurs = names.includes(name) && UUID.test(key.slice(name.length + 1));
  return isOurs ? names.indexOf(name) : tenantHome;
}
