import { z } from 'zod';

/**
 * Why a task waits: the model throttles · it backs off after a transient failure · its worker's time was up · another
 * task of its session is first · its tenant runs as many as it may · its pool is paused or its breaker open · a day's
 * budget is used up · its model call lies in a batch.
 *
 * During a deploy, code of the release before reads what this one writes. It parses these values alone, so a further
 * cause is a `detail` beside the value that makes older code do the right thing.
 */
const causes = z.enum(['throttled', 'backoff', 'yielded', 'session', 'tenant-cap', 'paused', 'budget', 'batch']);

/** A cause as stored. One that a newer release wrote is kept and shown as it is. */
export const parkCause = causes.or(z.string());
export type ParkCause = z.infer<typeof causes>;

/**
 * `agent-version`: no worker so far has the version of the agent that accepted the task. Stored beside `yielded` or `batch`.
 * `delegated`: the tasks that it delegated have not ended. Stored beside `yielded`.
 */
const details = z.enum(['agent-version', 'delegated']);

/** Everything that `causeOf` may say of a task that this release parked. */
export const PARK_CAUSES: readonly (ParkCause | ParkDetail)[] = [...causes.options, ...details.options];

/** A detail as stored. One that a newer release wrote is kept and shown as it is. */
export const parkDetail = details.or(z.string());
export type ParkDetail = z.infer<typeof details>;

/** Where a task is parked. Times are milliseconds since the epoch. */
export interface Parked {
  readonly cause: string;
  readonly detail?: string | undefined;
}

/** The most exact cause that there is, for people. */
export const causeOf = ({ cause, detail }: Parked): string => detail ?? cause;

/**
 * Whether a parked task waits to be freed, rather than for a time. A cause that this release does not know counts as a
 * time: whoever claims the task then decides again.
 */
export const isFreed = (parked: Parked): boolean => FREED.has(causeOf(parked)) || FREED.has(parked.cause);

const FREED: ReadonlySet<string> = new Set<ParkCause | ParkDetail>([
  'session',
  'tenant-cap',
  'paused',
  'batch',
  'delegated',
]);
