import { regionInFront, taskIdSchema, type TaskId } from '../tasks/task-id.ts';
import type { RegionIndex } from './epoch.ts';

/**
 * The home of a task: the region that works on it unless it is taken over. It is readable from the task's id, and the
 * same whichever region receives a request (I10).
 */

/** Short names of a fleet's regions, as ids and keys carry them: `us`, `eu`, `ap`. A new region is added at the end. */
export type RegionNames = readonly [string, ...string[]];

/**
 * The home of what an id names: a task, a session, a run. Ids without a region belong to the fleet's first one, so a fleet
 * of one region can grow.
 */
export const homeOfTask = (id: string, names: readonly string[]): RegionIndex =>
  Math.max(0, names.indexOf(regionInFront(id).slice(0, -1)));

/** The id of a task of a home. The first region's ids stay as they are in a fleet of one region. */
export const taskIdAt = (home: RegionIndex, id: TaskId, names: RegionNames): TaskId =>
  home === 0 ? id : taskIdSchema.parse(`${names[home]}.${id}`);

/** A UUID, with or without its dashes. */
const UUID = /^[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}$/;

/** An idempotency key as our client makes it. A retry in another region finds the same home. */
export const keyMadeIn = (region: string, uuid: string): string => `${region}.${uuid}`;

/**
 * The home of a request with an idempotency key: the region in a key of our client, else the tenant's home. Keys that
 * look like ours by chance still mean the same home everywhere, as long as the fleet has that region.
 */
export function homeOfKey(key: string, tenantHome: RegionIndex, names: RegionNames): RegionIndex {
  const name = regionInFront(key).slice(0, -1);
  const isOurs = names.includes(name) && UUID.test(key.slice(name.length + 1));
  return isOurs ? names.indexOf(name) : tenantHome;
}

/** The regions of a global fleet, as one that accepts tasks sees them. */
export interface Homes {
  /** The region that accepts. */
  readonly here: RegionIndex;
  readonly names: RegionNames;
}

/** The home of every tenant, until tenants choose theirs. */
const TENANT_HOME = 0;

/**
 * The home of a new task: its session's, else the one that its key says, else the region that accepts it. A retry of the
 * request finds the same home in each region.
 */
export function homeOfSubmission(
  { here, names }: Homes,
  {
    sessionId,
    idempotencyKey,
  }: { readonly sessionId?: string | undefined; readonly idempotencyKey?: string | undefined },
): RegionIndex {
  if (sessionId !== undefined) return homeOfTask(sessionId, names);
  return idempotencyKey === undefined ? here : homeOfKey(idempotencyKey, TENANT_HOME, names);
}
