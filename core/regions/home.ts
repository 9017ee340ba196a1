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

/** An id of a home, such as a run's. The first region's ids stay as they are in a fleet of one region. */
export const idAt = (home: RegionIndex, id: string, names: RegionNames): string =>
  home === 0 ? id : `${names[home]}.${id}`;

/** The id of a run of this region, by the name of its execution. The name itself in a fleet of one region. */
export const runIdHere = (homes: Homes | undefined, execution: string): string =>
  homes ? idAt(homes.here, execution, homes.names) : execution;

/** The name of the execution of a run, in its region. */
export const executionOfRun = (runId: string): string => runId.slice(regionInFront(runId).length);

/** The id of a task of a home. */
export const taskIdAt = (home: RegionIndex, id: TaskId, names: RegionNames): TaskId =>
  taskIdSchema.parse(idAt(home, id, names));

/** A UUID, with or without its dashes. */
const UUID = /^[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}$/;

/** An idempotency key as our client makes it. A retry in another region finds the same home. */
export const keyMadeIn = (region: string, uuid: string): string => `${region}.${uuid}`;

/** The home that a key of our client names. Null for any other key. */
export function homeInKey(key: string, names: RegionNames): RegionIndex | null {
  const name = regionInFront(key).slice(0, -1);
  return names.includes(name) && UUID.test(key.slice(name.length + 1)) ? names.indexOf(name) : null;
}

/**
 * The home of a request with an idempotency key: the region in a key of our client, else the tenant's home. Keys that
 * look like ours by chance still mean the same home everywhere, as long as the fleet has that region.
 */
export const homeOfKey = (key: string, tenantHome: RegionIndex, names: RegionNames): RegionIndex =>
  homeInKey(key, names) ?? tenantHome;

/** The regions of a global fleet, as one that accepts tasks sees them. */
export interface Homes {
  /** The region that accepts. */
  readonly here: RegionIndex;
  readonly names: RegionNames;
}

/** The home of every tenant, until tenants choose theirs. */
const TENANT_HOME = 0;

/** What decides the home of something new, whatever it has of these. */
export interface Origin {
  readonly sessionId?: string | undefined;
  /** The task that it starts again. */
  readonly retryOf?: string | undefined;
  readonly runId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/**
 * The home of a new task or run: that of its session, of the task that it starts again or of its run, else the one that its
 * key says, else the region that accepts it. A retry of the request finds the same home in each region.
 */
export function homeOfSubmission(
  { here, names }: Homes,
  { sessionId, retryOf, runId, idempotencyKey }: Origin,
): RegionIndex {
  const known = sessionId ?? retryOf ?? runId;
  if (known !== undefined) return homeOfTask(known, names);
  return idempotencyKey === undefined ? here : homeOfKey(idempotencyKey, TENANT_HOME, names);
}
