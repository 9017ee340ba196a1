import { z } from 'zod';
import { budgetSchema } from '../budgets/budget.ts';
import { dayBudgetSchema } from '../budgets/day-budget.ts';
import { tierSchema } from '../models/catalogue.ts';
import type { Agent } from './define-agent.ts';

/** What others need to know of an agent: its pool's construct, the task API, the command line. Plain JSON. */
export const agentCardSchema = z.object({
  name: z.string().min(1),
  /** A task finishes on the version that accepted it. */
  version: z.string().min(1),
  /** The earlier versions that still finish their tasks. @default none */
  earlier: z
    .array(z.object({ version: z.string().min(1), tools: z.array(z.string()).readonly(), takesObject: z.boolean() }))
    .readonly()
    .optional(),
  description: z.string(),
  tier: tierSchema,
  /** `none` if code answers every task, in every version. */
  model: z.literal('none').optional(),
  /** The tier that a task is upgraded to when its own is unsure or fails. */
  riseTo: tierSchema.optional(),
  tools: z.array(z.string()).readonly(),
  /** The names of the agents that it delegates to, in any version. @default none */
  delegates: z.array(z.string()).readonly().optional(),
  budget: budgetSchema,
  /** What all its tasks together may cost in a UTC day. @default no limit */
  dayBudget: dayBudgetSchema.optional(),
  /** Seconds one invocation may work on a task. */
  timeLimit: z.number(),
  /** Tasks that its pool works on at once, as it is deployed. Absent if that is decided at the deploy. */
  concurrency: z.number().int().positive().optional(),
  /** Seconds from acceptance to the deadline. */
  deadline: z.number(),
  /** Its input is an uploaded object, given by its key. */
  takesObject: z.boolean(),
  /** Why it takes no tasks with the priority `economy`, if the environment rules them out. */
  noEconomy: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()),
});
export type AgentCard = z.infer<typeof agentCardSchema>;

/** The card of an agent. */
export function agentCard(agent: Agent<never>): AgentCard {
  const { name, version, description, tier, budget, timeLimit, deadline, takesObject, upgradeTo } = agent;
  const { inputSchema, outputSchema, dayBudget } = agent;
  const tools = namesOf(agent);
  const earlier = agent.earlier.map((old) => ({
    version: old.version,
    tools: namesOf(old),
    takesObject: old.takesObject,
  }));
  const versions = [agent, ...agent.earlier];
  const delegates = [...new Set(versions.flatMap((each) => Object.values(each.delegates).map((to) => to.name)))];
  const limits = { budget, ...(dayBudget && { dayBudget }), timeLimit, deadline };
  return {
    name,
    version,
    ...(earlier.length > 0 && { earlier }),
    description,
    tier,
    ...(versions.every(({ model }) => model === 'none') && { model: 'none' as const }),
    riseTo: upgradeTo,
    tools,
    ...(delegates.length > 0 && { delegates }),
    ...limits,
    takesObject,
    inputSchema,
    outputSchema,
  };
}

const namesOf = ({ tools }: Agent<never>): string[] => tools.map(({ name }) => name);

type Version = Pick<AgentCard, 'tools' | 'takesObject'>;

/** The present version and those that still finish their tasks. */
export const versionsOf = (card: AgentCard): readonly Version[] => [card, ...(card.earlier ?? [])];
