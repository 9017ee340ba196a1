import { z } from 'zod';
import type { Budget } from '../budgets/budget.ts';
import type { Tier } from '../models/catalogue.ts';
import { plainIssue } from '../parse/plain-message.ts';
import type { JsonSchema, ToolSpec } from '../ports/model.ts';
import { MAX_CHILDREN, MAX_DEPTH } from '../tasks/delegation.ts';

/** An agent as another one delegates to it. */
export interface Delegate {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The most that one of its tasks may spend. */
  readonly budget: Budget;
  /** Seconds from acceptance to the deadline. */
  readonly deadline: number;
  /** What one call of it costs depends on these. */
  readonly tier: Tier;
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly outputSchema: JsonSchema;
  readonly maxOutputTokens: number;
  readonly takesObject: boolean;
  readonly inputSchema: JsonSchema;
  readonly delegates: Delegates;
  /** What is wrong with an input, one sentence each. */
  inputProblems(input: unknown): readonly string[];
}

/** The agents that an agent may delegate to, by the names under which it knows them. */
export type Delegates = Readonly<Record<string, Delegate>>;

/** The longest that a task may be held back, in seconds. */
const MAX_START_AFTER = 60;

export interface DelegationTask {
  readonly to: string;
  readonly input: unknown;
  /**
   * Seconds until a worker gets the task, at most 60: such as until another one has filled the provider's cache with what
   * they share. It is a wish: a task whose message is lost starts when the sweeper finds it. @default 0
   */
  readonly startAfter?: number | undefined;
}

/** Tasks for other agents. */
export interface DelegationRequest {
  readonly tasks: readonly DelegationTask[];
  /** The parent goes on when so many tasks succeeded; the others are cancelled. @default it waits for all */
  readonly enough?: number | undefined;
}

/** The tool that an agent with delegates gets, unless its code plans the tasks. */
export const DELEGATE_TOOL = 'delegate';

/** What the model reads about the tool. */
export function delegateSpec(delegates: Delegates): ToolSpec {
  const known = Object.entries(delegates);
  const list = known.map(([to, { description }]) => `- ${to}: ${description}`).join('\n');
  const tasks = known.map(([to, { inputSchema }]) => {
    const { $schema: _, ...input } = inputSchema;
    return closed({ to: { type: 'string', const: to }, input });
  });
  return {
    name: DELEGATE_TOOL,
    description:
      'Gives tasks to other agents and waits for their results, which come in the order of the tasks. ' +
      `Put all tasks that can run at the same time in one call, at most ${MAX_CHILDREN}. ` +
      `With \`enough\` it waits only for so many successes and cancels the rest.\n${list}`,
    inputSchema: {
      ...closed({ tasks: { type: 'array', items: { anyOf: tasks } } }),
      properties: {
        tasks: { type: 'array', items: { anyOf: tasks } },
        enough: { type: 'integer', description: 'How many tasks must succeed. Leave it out to wait for all.' },
      },
    },
  };
}

const closed = (properties: Readonly<Record<string, unknown>>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const requestSchema = z.strictObject({
  tasks: z
    .array(
      z.strictObject({
        to: z.string(),
        input: z.unknown(),
        startAfter: z.number().int().min(0).max(MAX_START_AFTER).optional(),
      }),
    )
    .min(1)
    .max(MAX_CHILDREN),
  enough: z.number().int().positive().optional(),
});

/** Parses a request against the agents that exist: the request, or what is wrong with it. */
export function parseDelegation(
  delegates: Delegates,
  value: unknown,
): { readonly request: DelegationRequest } | { readonly problems: readonly string[] } {
  const parsed = requestSchema.safeParse(value);
  if (!parsed.success) return { problems: parsed.error.issues.map(plainIssue) };
  const { tasks, enough } = parsed.data;
  const problems = tasks.flatMap(({ to, input }, index) => {
    const delegate = Object.hasOwn(delegates, to) ? delegates[to] : undefined;
    if (!delegate) return [`tasks.${index}.to must be one of: ${Object.keys(delegates).join(', ')}`];
    return delegate.inputProblems(input).map((problem) => `tasks.${index}.input: ${problem}`);
  });
  if (enough !== undefined && enough > tasks.length)
    problems.push(`enough must be at most ${tasks.length}, the number of tasks`);
  return problems.length > 0 ? { problems } : { request: parsed.data };
}

const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/;

/** What is wrong with an agent's delegates. */
export function delegateProblems(name: string, delegates: Delegates): string[] {
  const each = Object.entries(delegates).flatMap(([to, { inputSchema, takesObject }]) => {
    if (!NAME.test(to)) return [`delegates: "${to}" must be a letter, then letters, digits, "_" and "-", at most 64`];
    if (takesObject) return [`delegates.${to} takes an uploaded object, which a model must not name`];
    // A reference within the schema would point into the tool's schema around it.
    if (JSON.stringify(inputSchema).includes('"$ref"'))
      return [`delegates.${to} has an input schema that refers to itself: write it without recursion`];
    return [];
  });
  const way = wrongWay([name], delegates);
  return way === null ? each : [...each, way];
}

/** The first way down that meets an agent twice, or goes too deep. */
function wrongWay(path: readonly string[], delegates: Delegates): string | null {
  for (const delegate of Object.values(delegates)) {
    const way = [...path, delegate.name];
    if (path.includes(delegate.name)) return `the delegates form a cycle: ${way.join(' → ')}`;
    if (way.length - 1 > MAX_DEPTH) return `the delegates are more than ${MAX_DEPTH} levels deep: ${way.join(' → ')}`;
    const below = wrongWay(way, delegate.delegates);
    if (below !== null) return below;
  }
  return null;
}
