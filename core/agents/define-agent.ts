import { z } from 'zod';
import type { Budget } from '../budgets/budget.ts';
import type { DayBudget } from '../budgets/day-budget.ts';
import type { Tier } from '../models/catalogue.ts';
import { objectInputSchema } from './object-input.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { ContentPart, JsonSchema, ToolSpec, WebSearch } from '../ports/model.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { plainTurn, type Said } from '../sessions/turn.ts';
import { parseOptions, type SessionOverflow } from './agent-options.ts';
import { badAnswer, badInput, issuesOf, rejectBlank } from './bad-input.ts';
import { delegateSpec, type Delegates, type DelegationRequest } from './delegates.ts';

export interface ToolContext {
  /** The step's id. It is the same when the call is repeated after a crash (I3). */
  readonly idempotencyKey: string;
  /**
   * Fires when the task is cancelled, its deadline passes or its claim is lost. End within two seconds, or the tool is given
   * up: the task ends, and the outcome does not count.
   */
  readonly signal: AbortSignal;
  /**
   * The task's input as it was accepted, for the tool to parse. Take the identity of the customer from here, never from
   * the model: a prompt injection may control what the model says.
   */
  readonly input: unknown;
  /** Runs untrusted code; undefined if the pool has no sandbox. */
  readonly sandbox: Sandbox | undefined;
}

export interface ToolOptions<Input, Services> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** @param services what its agent's worker binds with `withServices` */
  run(input: Input, context: ToolContext, services: Services): Promise<string>;
}

/**
 * A tool an agent may call. Its input comes from the model: `run` parses it first, and throws a `ZodError` if it is bad.
 * A tool is plain data until `withServices` gives its agent the services that it uses, such as a database.
 */
export interface Tool<Services = void> extends ToolSpec {
  /** Runs untrusted code, so its pool needs a sandbox. @default false */
  readonly untrusted?: boolean;
  readonly run: (input: unknown, context: ToolContext, services: Services) => Promise<string>;
  /** The tasks that its call delegates. Such a tool does not run: its result is that of the tasks. @default none */
  readonly plan?:
    | ((input: unknown, context: ToolContext, services: Services) => Promise<DelegationRequest>)
    | undefined;
}

/** Defines a tool. */
export function defineTool<Input, Services = void>(options: ToolOptions<Input, Services>): Tool<Services> {
  return {
    name: options.name,
    description: options.description,
    inputSchema: z.toJSONSchema(options.input),
    run: (value, context, services) => options.run(options.input.parse(value), context, services),
  };
}

/** The first user message, and the context for checking the answer. */
export interface Prepared<Context> {
  readonly content: readonly ContentPart[];
  readonly context: Context;
  /** The answer by code, which takes the place of a model call. @default none */
  readonly answer?: Salvaged;
}

/** What `prepare` may use of the fleet. */
export interface PrepareIo {
  readonly artifacts: Artifacts;
  /** The tenant of the task. What is kept for one tenant must have it in its key (I8). */
  readonly tenant: string;
  /** When the task ends unless it has an answer, in milliseconds. A message must not depend on it. */
  readonly deadline?: number;
}

/** An answer by code: the task ends with it, without a model call and at no cost. */
export interface AnsweredByCode<Output> {
  readonly output: Output;
  /** For the reader of the answer. @default none */
  readonly warnings?: readonly string[];
}

export interface AgentOptions<Input, Output, Context, Services = void> {
  /** Lower case with dashes. Names the pool, its queues and functions. */
  readonly name: string;
  /** Part of every task id. Raise it when answers would change, so that old results are not reused. */
  readonly version: string;
  /**
   * Earlier versions of the agent, which finish the tasks that they accepted. Keep one until none of its tasks is left.
   * Those of an earlier version come with it. @default none
   */
  readonly earlier?: readonly Agent<Services>[];
  /** One sentence on what the agent does, shown in lists. @default its name */
  readonly description?: string;
  readonly tier: Tier;
  /** `none`: `prepare` answers every task by code, and the pool gets no access to the model. @default Claude */
  readonly model?: 'none';
  /** Upgrades a task to a stronger model when this tier is unsure or fails. @default no upgrade */
  readonly upgrade?: Upgrade<Output, Context>;
  readonly system: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** @default no tools */
  readonly tools?: readonly (Tool<Services> | Tool)[];
  /**
   * Agents that it may give tasks to, by names that the model reads. The agent gets the tool `delegate`, unless one of
   * its tools plans the tasks (`defineDelegatingTool`). They are paid from its own task's budget. @default none
   */
  readonly delegates?: Readonly<Record<string, Agent<never>>>;
  /**
   * Web searches by Claude's own tool, as many as `maxUses` in a task and at least one in each further call. Each has a
   * fee, which is reserved with the call. Amazon Bedrock has none. @default no searches
   */
  readonly search?: WebSearch;
  /** Budget of one task, with the tasks that it delegates. @default 200,000 tokens and 2 US dollars */
  readonly budget?: Budget;
  /** What all tasks of this agent may spend together in one UTC day. @default no limit */
  readonly dayBudget?: DayBudget;
  /** Maximum output tokens of one call. @default 1,024 */
  readonly maxOutputTokens?: number;
  /** Seconds one invocation may work on a task. @default 300 */
  readonly timeLimit?: number;
  /** Seconds from acceptance to the deadline, waiting included: at most a week. @default 21,600 (six hours) */
  readonly deadline?: number;
  /** Model calls and tool calls a task may make. @default 30 */
  readonly maxSteps?: number;
  /** Largest uploaded object that is read, in bytes. Larger objects reach `prepare` unread. @default 23,803,392, which fit a request as base64 */
  readonly maxObjectBytes?: number;
  /**
   * Creates the first user message from the input, or answers by code. An answer must fit the output schema. Throw a
   * permanent `FailureError` if the task cannot be processed, a throttled one to be called again later.
   * Must return the same message for the same input, because it is created again after a crash.
   * @default the input as JSON
   */
  prepare?(input: Input, io: PrepareIo, services: Services): Promise<Prepared<Context> | AnsweredByCode<Output>>;
  /** Returns the problems of an answer that fits the schema, one sentence each. They are sent to the model. @default no problems */
  check?(output: Output, context: Context): readonly string[];
  /**
   * Marks what a reader of an answer without problems should know: the output, and warnings. It must not hide anything.
   * @default the answer as it is
   */
  annotate?(output: Output, context: Context): Annotated<Output>;
  /**
   * Corrects an answer that still has problems after the repair. Returns the output and warnings for the reader, or null.
   * @default the task fails with `invalid-output`
   */
  salvage?(output: Output, context: Context): { readonly output: Output; readonly warnings: readonly string[] };
  /** Returns why an answer must go to a person; the task then ends as escalated. Null: it succeeds. @default null */
  escalate?(output: Output): HandOver | null;
  /**
   * What becomes of a session's oldest turns when they outgrow its limit of tokens: they are dropped, or a model call of
   * the cheap tier puts them in short, which the task whose turn is one too many waits and pays for. @default 'drop'
   */
  readonly sessionOverflow?: SessionOverflow;
  /**
   * How a finished task reads to the next one of its session.
   * @default the input's `instruction`, or the input as JSON; the output's `text`, or the output as JSON
   */
  turn?(input: Input, output: Output): Said;
}

/**
 * The agent's tier is tried first; the task goes on at a higher one, once, when the answer is unsure, or still has
 * problems after its repair. What was said and what the tools did stays; each call is reserved as any other. Where no
 * budget has room for it, the answer of the first tier stands, if it can.
 */
export interface Upgrade<Output, Context> {
  /** Must be higher than the agent's own tier. */
  readonly to: Tier;
  /**
   * Why an answer that fits the schema is unsure: a few words for lists and logs, nothing of the task's content. Null for
   * one that is sure. Asked before `check`, and must say the same of the same answer. @default only problems that
   * the repair did not mend
   */
  when?(output: Output, context: Context): string | null;
}

/** Why a task goes to a person, with a summary for that person. */
export interface HandOver {
  /** A sentence or code for lists, logs and notifications. Must not quote the customer. */
  readonly reason: string;
  /** What has happened so far. Shown only to that person. */
  readonly summary?: string;
}

/** An agent with defaults applied and schemas ready for the model. */
export interface Agent<Services = void> {
  readonly name: string;
  readonly version: string;
  /** The versions that accepted tasks before it, newest first. */
  readonly earlier: readonly Agent<Services>[];
  readonly tier: Tier;
  /** `none` if code answers every task. */
  readonly model?: 'none' | undefined;
  /** The tier that a task is upgraded to when its own is unsure or fails. */
  readonly upgradeTo?: Tier | undefined;
  readonly system: string;
  readonly tools: readonly (Tool<Services> | Tool)[];
  readonly delegates: Delegates;
  readonly search?: WebSearch | undefined;
  readonly budget: Budget;
  readonly dayBudget?: DayBudget | undefined;
  readonly maxOutputTokens: number;
  readonly timeLimit: number;
  readonly deadline: number;
  readonly maxSteps: number;
  readonly maxObjectBytes: number;
  readonly sessionOverflow: SessionOverflow;
  readonly description: string;
  /** Its input is an uploaded object: `objectInputSchema`. */
  readonly takesObject: boolean;
  /** Its `prepare` may act outside the fleet. @default no */
  readonly hasServices?: boolean;
  /** What `prepare` takes; checks that JSON Schema cannot say are made there alone. */
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly prepare: (input: unknown, io: PrepareIo, services: Services) => Promise<Prepared<unknown>>;
  /** What is wrong with an input, one sentence each. */
  inputProblems(input: unknown): readonly string[];
  /** Parses and checks an answer: the output, or what is wrong with it. */
  judge(answer: unknown, context: unknown): Judgement;
  /** Whether an output that `judge` accepted goes to a person. */
  escalate(output: unknown): HandOver | null;
  /** How a finished task reads to the next one of its session. */
  turn(input: unknown, output: unknown): Said;
}

export type Judgement = {
  /** Why a higher tier should answer; null where none should. */ readonly unsure: string | null;
} & (
  | { readonly ok: true; readonly output: unknown; /** @default none */ readonly warnings?: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[]; readonly salvaged: Salvaged | null }
);

interface Annotated<Output> {
  readonly output: Output;
  readonly warnings: readonly string[];
}

export interface Salvaged {
  readonly output: unknown;
  readonly warnings: readonly string[];
}

/** Defines an agent. Throws a `DefinitionError` that names the options that are out of range. */
export function defineAgent<Input, Output, Context = undefined, Services = void>(
  options: AgentOptions<Input, Output, Context, Services>,
): Agent<Services> {
  const tools = toolsOf(options);
  const { upgrade, ...settings } = parseOptions({ ...options, tools });
  return {
    ...settings,
    earlier: (options.earlier ?? []).flatMap((version) => [version, ...version.earlier]),
    upgradeTo: upgrade?.to,
    description: options.description ?? options.name,
    takesObject: Object.is(options.input, objectInputSchema),
    tools,
    delegates: options.delegates ?? {},
    inputSchema: z.toJSONSchema(options.input, { io: 'input', unrepresentable: 'any' }),
    outputSchema: z.toJSONSchema(options.output),
    inputProblems(input) {
      const parsed = options.input.safeParse(input);
      return parsed.success ? [] : issuesOf(parsed.error);
    },
    async prepare(input, io, services) {
      const parsed = options.input.safeParse(input);
      if (!parsed.success) throw badInput(parsed.error);
      if (options.prepare) return checkPrepared(await options.prepare(parsed.data, io, services), options.output);
      return { content: [{ type: 'text', text: JSON.stringify(parsed.data) }], context: undefined };
    },
    judge(answer, context) {
      const parsed = options.output.safeParse(answer);
      if (!parsed.success) return { ok: false, problems: issuesOf(parsed.error), salvaged: null, unsure: null };
      // The context is what this agent's own `prepare` returned.
      const unsure = options.upgrade?.when?.(parsed.data, context as Context) ?? null;
      const problems = options.check?.(parsed.data, context as Context) ?? [];
      if (problems.length === 0)
        return { ok: true, output: parsed.data, ...options.annotate?.(parsed.data, context as Context), unsure };
      return { ok: false, problems, salvaged: options.salvage?.(parsed.data, context as Context) ?? null, unsure };
    },
    // The output is one that this agent's own `judge` let pass.
    escalate: (output) => options.escalate?.(output as Output) ?? null,
    turn(input, output) {
      if (!options.turn) return plainTurn(input, output);
      // The input is parsed again, since the task keeps it as it came; the output is this agent's own.
      return options.turn(options.input.parse(input), output as Output);
    },
  };
}

/** What `prepare` returned, as the worker takes it. An answer that does not fit the schema is a mistake in the agent. */
function checkPrepared<Output>(
  prepared: Prepared<unknown> | AnsweredByCode<Output>,
  schema: z.ZodType<Output>,
): Prepared<unknown> {
  if (!('output' in prepared)) return rejectBlank(prepared);
  const parsed = schema.safeParse(prepared.output);
  if (!parsed.success) throw badAnswer(parsed.error);
  return { content: [], context: undefined, answer: { output: parsed.data, warnings: prepared.warnings ?? [] } };
}

/** The agent's own tools, and `delegate` if the model decides what is delegated: no tool of the agent plans it by code. */
function toolsOf<Services>({
  tools = [],
  delegates = {},
}: Pick<AgentOptions<never, never, never, Services>, 'tools' | 'delegates'>): readonly (Tool<Services> | Tool)[] {
  const isPlanned = tools.some(({ plan }) => plan !== undefined);
  if (isPlanned || Object.keys(delegates).length === 0) return tools;
  const delegate: Tool = {
    ...delegateSpec(delegates),
    run: () => Promise.reject(new Error('Tasks are delegated by the worker.')),
    // The worker parses it, as it parses what a tool plans.
    plan: async (input) => input as DelegationRequest,
  };
  return [...tools, delegate];
}

/** The agent at work: its tools and `prepare` get these services, such as a database or the time. */
export function withServices<Services>(agent: Agent<Services>, services: Services): Agent {
  return {
    ...agent,
    hasServices: true,
    earlier: agent.earlier.map((version) => withServices(version, services)),
    // A tool without services ignores them.
    tools: (agent.tools as readonly Tool<Services>[]).map((tool) => bound(tool, services)),
    prepare: (input, io) => agent.prepare(input, io, services),
  };
}

function bound<Services>({ run, plan, ...spec }: Tool<Services>, services: Services): Tool {
  return {
    ...spec,
    run: (input, context) => run(input, context, services),
    ...(plan && { plan: (input, context) => plan(input, context, services) }),
  };
}
