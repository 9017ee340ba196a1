import { z } from 'zod';
import { budgetSchema } from '../budgets/budget.ts';
import { dayBudgetSchema } from '../budgets/day-budget.ts';
import { tierSchema, type Tier } from '../models/catalogue.ts';
import { ANSWER_TOOL, SEARCH_TOOL } from '../models/search.ts';
import { MAX_REQUEST_BYTES, maxDocumentBytes } from '../models/request-size.ts';
import { plainIssue } from '../parse/plain-message.ts';
import { VISIBLE } from '../text/text.ts';
import { DefinitionError } from './definition-error.ts';
import { delegateProblems, type Delegates } from './delegates.ts';

const sessionOverflowSchema = z.enum(['drop', 'summarise']);
export type SessionOverflow = z.infer<typeof sessionOverflowSchema>;

/** Searches of a call are reserved with all that they may read, so many of them reserve more than any agent has. */
const MAX_SEARCHES = 10;

/** Seconds: a week, as for callers. What outlives its task, such as an acceptance in other regions, is kept for longer. */
const MAX_DEADLINE = 7 * 86_400;

const optionsSchema = z
  .object({
    name: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{1,40}$/,
        'must be lowercase letters, digits and hyphens, 2 to 41 characters, a letter first',
      ),
    version: z.string().min(1).max(32),
    tier: tierSchema,
    model: z.literal('none').optional(),
    upgrade: z.object({ to: tierSchema }).optional(),
    system: z.string().regex(VISIBLE, 'must not be blank'),
    budget: budgetSchema.default({ tokens: 200_000, usd: 2 }),
    dayBudget: dayBudgetSchema.optional(),
    search: z.strictObject({ maxUses: z.number().int().min(1).max(MAX_SEARCHES) }).optional(),
    maxOutputTokens: z.number().int().positive().default(1_024),
    timeLimit: z.number().int().min(5).max(900).default(300),
    deadline: z.number().int().min(60).max(MAX_DEADLINE).default(21_600),
    maxSteps: z.number().int().positive().default(30),
    sessionOverflow: sessionOverflowSchema.default('drop'),
    maxObjectBytes: z.number().int().positive().default(maxDocumentBytes(MAX_REQUEST_BYTES)),
  })
  .refine(({ tier, upgrade }) => upgrade === undefined || isHigher(upgrade.to, tier), {
    error: `must be a higher tier than the agent's own; from low to high: ${tierSchema.options.join(', ')}`,
    path: ['upgrade', 'to'],
  });

const isHigher = (tier: Tier, than: Tier): boolean =>
  tierSchema.options.indexOf(tier) > tierSchema.options.indexOf(than);

interface Version {
  readonly name: string;
  readonly version: string;
}

/** What is checked beside the schema. */
interface Checked extends Version {
  /** All that the model gets, `delegate` included. */
  readonly tools: readonly { readonly name: string; readonly plan?: unknown }[];
  readonly delegates?: Delegates;
  readonly earlier?: readonly (Version & { readonly earlier: readonly Version[] })[];
}

/** The options of `defineAgent` that are data, with defaults. Throws a `DefinitionError` that names those out of range. */
export function parseOptions(options: Checked) {
  const parsed = optionsSchema.safeParse(options);
  const problems = parsed.success
    ? [...toolProblems(options.tools), ...delegationProblems(options), ...earlierProblems(options)]
    : parsed.error.issues.map(plainIssue);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new DefinitionError(`The agent "${options.name}" is not defined correctly: ${problems.join('; ')}.`);
}

/** Names that Claude accepts (API reference, Messages, `tools[].name`). */
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

function toolProblems(tools: readonly { readonly name: string }[]): string[] {
  return tools.flatMap(({ name }, index) => {
    if (name === ANSWER_TOOL || name === SEARCH_TOOL)
      return `tools.${index}.name must not be ${name}, which agents that search have already`;
    if (!TOOL_NAME.test(name)) return `tools.${index}.name must be 1 to 128 letters, digits, "_" and "-"`;
    return tools.findIndex((other) => other.name === name) === index ? [] : `two tools are called ${name}`;
  });
}

function delegationProblems({ name, tools, delegates = {} }: Checked): string[] {
  const lost = Object.keys(delegates).length === 0 ? tools.filter(({ plan }) => plan !== undefined) : [];
  return [
    ...delegateProblems(name, delegates),
    ...lost.map((tool) => `the tool ${tool.name} delegates tasks, but the agent has no delegates`),
  ];
}

function earlierProblems({ name, version, earlier = [] }: Checked): string[] {
  const all = earlier.flatMap((old) => [old, ...old.earlier]);
  const versions = [version, ...all.map((old) => old.version)];
  return [
    ...all.filter((old) => old.name !== name).map((old) => `earlier has a version of another agent, ${old.name}`),
    ...versions.filter((each, at) => versions.indexOf(each) < at).map((each) => `there are two versions "${each}"`),
  ];
}
