import { z } from 'zod';
import { stored, storedRecord } from '#core/stored/record.ts';
import { commitSchema } from './order.ts';

/** Money that is held on the day budgets of a repository and of the system, until its review's cost is known. */
const heldSchema = stored({
  usd: z.number(),
  day: z.string(),
  taskId: z.string(),
  /** When it was held, in milliseconds. */
  at: z.number(),
});
export type Held = z.infer<typeof heldSchema>;

/** An execution that a newer one has replaced, and what must be stopped with it. */
const replacedSchema = stored({ arn: z.string(), taskId: z.string().optional(), checkRun: z.number().optional() });
export type Replaced = z.infer<typeof replacedSchema>;

/**
 * Who may review a pull request now: one item each. An execution claims it after it has read the head from GitHub, in a
 * write that fails if another execution has claimed it since. So the newest head wins, whatever arrives late.
 */
export const claimSchema = storedRecord({
  /** Counts writes: each one is conditional on the version before. */
  version: z.number().int().positive(),
  /** The name and the ARN of the execution. */
  execution: z.string(),
  arn: z.string(),
  /** The commit that it reviews; null when it only stopped another one. */
  head: commitSchema.nullable(),
  /** The commit that the change is compared with. */
  base: commitSchema.nullable(),
  /** `running` until its outcome is posted or given up. */
  state: z.enum(['running', 'done', 'stopped']),
  /** When it claimed, in milliseconds. */
  since: z.number(),
  /** How often it began to post, for the audit trail. */
  posts: z.number().int().nonnegative(),
  checkRun: z.number().optional(),
  held: heldSchema.optional(),
  /** Of executions before, whose tasks had not ended when they were stopped. */
  unsettled: z.array(heldSchema),
  /** Executions that are still to be stopped. */
  replaces: z.array(replacedSchema),
});
export type Claim = z.infer<typeof claimSchema>;

/** An execution of the state machine. */
export interface Execution {
  readonly name: string;
  readonly arn: string;
  /** When it started, in milliseconds. */
  readonly startedAt: number;
}

/** Longer than an execution may take: a claim so old is nobody's. */
const LOST_MS = 3 * 3_600_000;

/** Whether an execution may go on with its review: nobody has claimed the pull request since, and it has not ended. */
export const isOwn = (claim: Claim | null, { name }: Pick<Execution, 'name'>): claim is Claim =>
  claim?.execution === name && claim.state === 'running';

/** Whether an execution still works on it. */
export const isRunning = ({ state, since }: Claim, now: number): boolean =>
  state === 'running' && now - since < LOST_MS;

/** Whether money is still held for it, or for reviews before it. */
export const hasMoney = ({ held, unsettled }: Claim): boolean => held !== undefined || unsettled.length > 0;

/** Whether its head is reviewed, or is being reviewed. A claim whose execution has died is nobody's. */
export const isReviewed = (claim: Claim, now: number): boolean => claim.state === 'done' || isRunning(claim, now);
