import { z } from 'zod';
import type { Amount } from '../budgets/day-budget.ts';
import { roundUsd } from '../models/price.ts';
import { stored } from '../stored/record.ts';

/** Tasks that one step may delegate. */
export const MAX_CHILDREN = 500;
/** Tasks that one task may delegate in all its steps: the ids of all of them are in its item. */
export const MAX_CHILDREN_OF_TASK = 1_000;
/** A task that a client submits has depth 0. Its children have depth 1. */
export const MAX_DEPTH = 3;

/** The task that delegated this one, and the step in which it did. */
export const parentSchema = stored({
  id: z.string(),
  step: z.number().int().nonnegative(),
  /** The place among the step's tasks, from 0. */
  index: z.number().int().nonnegative(),
  /** How many delegations lie above the task. */
  depth: z.number().int().positive(),
});
export type Parent = z.infer<typeof parentSchema>;

/** One task of a delegation, as its parent keeps it. */
const childSchema = stored({
  id: z.string(),
  /** The name under which the parent's agent knows the child's agent. */
  to: z.string(),
  /** Its place in the request. */
  index: z.number().int().nonnegative(),
  /**
   * What the child and everything below it may spend. The parent does not spend it meanwhile. What they did spend, once
   * the child has ended and the next ones start.
   */
  budget: stored({ tokens: z.number().int().nonnegative(), usd: z.number().nonnegative() }),
});
export type Child = z.infer<typeof childSchema>;

/** A task that starts when there is enough for a call of it, because others have ended. */
const laterSchema = stored({ to: z.string(), index: z.number().int().nonnegative() });
export type Later = z.infer<typeof laterSchema>;

/** A delegate step under way. It is written before the first child is created, so no crash makes a child twice. */
export const delegationSchema = stored({
  step: z.number().int().nonnegative(),
  /** The claim that began it, under which its result is written. */
  epoch: z.number().int().positive(),
  tool: z.string(),
  toolUseId: z.string(),
  since: z.number(),
  /** The parent goes on when so many children succeeded. @default it waits for all */
  enough: z.number().int().positive().optional(),
  /** The parent goes on at this time at the latest, so that it can conclude before its deadline. */
  until: z.number(),
  children: z.array(childSchema),
  /** Tasks of the request for which the budget was not enough so far. @default none */
  later: z.array(laterSchema).optional(),
});
export type Delegation = z.infer<typeof delegationSchema>;

/** What is kept for the children of a delegation that has not been settled. */
export function reservedFor(children: readonly Pick<Child, 'budget'>[]): Amount {
  const usd = children.reduce((sum, { budget }) => sum + budget.usd, 0);
  return { usd: roundUsd(usd), tokens: children.reduce((sum, { budget }) => sum + budget.tokens, 0) };
}
