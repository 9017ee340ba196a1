import { z } from 'zod';
import { stored, storedRecord } from '../stored/record.ts';
import { rampSchema } from './ramp.ts';

/** Whether a pool works on its tasks. Times are milliseconds since the epoch. */
const stateSchema = z.discriminatedUnion('status', [
  stored({ status: z.literal('active') }),
  /** A person stopped it. */
  stored({ status: z.literal('paused'), reason: z.string(), by: z.string(), at: z.number() }),
  /** Its breaker opened: so many of its model calls failed that further ones would only cost. */
  stored({ status: z.literal('open'), reason: z.string(), until: z.number(), opens: z.number().int().positive() }),
  /** One task at a time tries whether the model answers again. */
  stored({
    status: z.literal('half-open'),
    /** The task that tries, and when another one may. */
    probe: stored({ taskId: z.string(), until: z.number() }),
    opens: z.number().int().positive(),
  }),
  /** It works again; tasks that waited come back more and more. */
  stored({ status: z.literal('resuming'), since: z.number() }),
]);

/** What holds tasks up, or lets them run again in steps. */
const holdSchema = stored({ state: stateSchema, ramp: rampSchema.optional() });
export type Hold = z.infer<typeof holdSchema>;

/** The name of the fleet's record. No agent has it. */
export const FLEET = '*';

/**
 * A pool's state: a single item of the state table, made when it is first paused or in trouble.
 * - B1 While it is paused or open, no task of it takes a step that was not begun before (but for two seconds, in which a
 *   worker may not know yet).
 * - B2 While it is half open, one task at a time does.
 * - B3 The deadline of a task that waits holds all the same.
 * - B4 While it resumes in steps, no more tasks that were claimed since run at once than the step allows.
 *
 * The record of the fleet has the name `*`. What holds the fleet or a tenant holds the tasks of every pool in the same way.
 */
export const poolSchema = storedRecord({
  agent: z.string(),
  version: z.number().int().positive(),
  state: stateSchema,
  /** Its steps, if it was resumed in steps. A breaker that opens meanwhile does not end them. */
  ramp: rampSchema.optional(),
  /** Of the fleet's record: what holds single tenants. */
  tenants: z.record(z.string(), holdSchema).optional(),
  /** Model calls since the first failure of late; null while all is well, so that nothing is written then. */
  trouble: stored({
    since: z.number(),
    failed: z.number().int().nonnegative(),
    answered: z.number().int().nonnegative(),
  }).nullable(),
});
export type Pool = z.infer<typeof poolSchema>;

/** A pool that was never paused nor in trouble: version 0 is never stored. */
export const healthyPool = (agent: string): Pool => ({
  agent,
  version: 0,
  state: { status: 'active' },
  trouble: null,
});

/** The next state to write, or null when nothing changes. */
export type PoolRule = (pool: Pool) => Pool | null;

export const moveTo = (pool: Pool, change: Partial<Pick<Pool, 'state' | 'trouble' | 'ramp' | 'tenants'>>): Pool => ({
  ...pool,
  ...change,
  version: pool.version + 1,
});
