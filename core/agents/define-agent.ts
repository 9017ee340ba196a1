import { z } from 'zod';
import { budgetSchema, type Budget } from '../budgets/budget.ts';
import { dayBudgetSchema, type DayBudget } from '../budgets/day-budget.ts';
import { FailureError } from '../failures/failure.ts';
import { tierSchema, type Tier } from '../models/catalogue.ts';
import { MAX_REQUEST_BYTES, maxDocumentBytes } from '../models/request-size.ts';
import { objectInputSchema } from './object-input.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { ContentPart, JsonSchema, ToolSpec } from '../ports/model.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { VISIBLE } from '../text/text.ts';
import { plainTurn, type Said } from '../sessions/turn.ts';
import { plainIssue } from '../parse/plain-message.ts';
import { DefinitionError } from './definition-error.ts';

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
  /** Upgrades a task to a stronger model when this tier is unsure or fails. @default no upgrade */
  readonly upgrade?: Upgrade<Output, Context>;
  readonly system: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** @default no tools */
  readonly tools?: readonly (Tool<Services> | Tool)[];
  /** Budget of one task. @default 200,000 tokens and 2 US dollars */
  readonly budget?: Budget;
  /** What all tasks of this agent may spend together in one UTC day. @default no limit */
  readonly dayBudget?: DayBudget;
  /** Maximum output tokens of one call. @default 1,024 */
  readonly maxOutputTokens?: number;
  /** Seconds one invocation may work on a task. @default 300 */
  readonly timeLimit?: number;
  /** Seconds from acceptance to the deadline, waiting included. @default 21,600 (six hours) */
  readonly deadline?: number;
  /** Model calls and tool calls a task may make. @default 30 */
  readonly maxSteps?: number;
  /** Largest uploaded object that is read, in bytes. Larger objects reach `prepare` unread. @default 23,803,392, which fit a request as base64 */
  readonly maxObjectBytes?: number;
  /**
   * Creates the first user message from the input. Throw a permanent `FailureError` if no model call can process the input.
   * Must return the same message for the same input, because it is created again after a crash.
   * @default the input as JSON
   */
  prepare?(input: Input, io: { readonly artifacts: Artifacts }, services: Services): Promise<Prepared<Context>>;
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
  /** The tier that a task is upgraded to when its own is unsure or fails. */
  readonly upgradeTo?: Tier | undefined;
  readonly system: string;
  readonly tools: readonly (Tool<Services> | Tool)[];
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
  /** What `prepare` takes; checks that JSON Schema cannot say are made there alone. */
  readonly inputSchema: JsonSchema;
  readonly outputSchema: JsonSchema;
  readonly prepare: (
    input: unknown,
    io: { readonly artifacts: Artifacts },
    services: Services,
  ) => Promise<Prepared<unknown>>;
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

const sessionOverflowSchema = z.enum(['drop', 'summarise']);
type SessionOverflow = z.infer<typeof sessionOverflowSchema>;

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
    upgrade: z.object({ to: tierSchema }).optional(),
    system: z.string().regex(VISIBLE, 'must not be blank'),
    budget: budgetSchema.default({ tokens: 200_000, usd: 2 }),
    dayBudget: dayBudgetSchema.optional(),
    maxOutputTokens: z.number().int().positive().default(1_024),
    timeLimit: z.number().int().min(5).max(900).default(300),
    deadline: z.number().int().min(60).default(21_600),
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

/** Defines an agent. Throws a `DefinitionError` that names the options that are out of range. */
export function defineAgent<Input, Output, Context = undefined, Services = void>(
  options: AgentOptions<Input, Output, Context, Services>,
): Agent<Services> {
  const { upgrade, ...settings } = parseOptions(options);
  return {
    ...settings,
    earlier: (options.earlier ?? []).flatMap((version) => [version, ...version.earlier]),
    upgradeTo: upgrade?.to,
    description: options.description ?? options.name,
    takesObject: Object.is(options.input, objectInputSchema),
    tools: options.tools ?? [],
    inputSchema: z.toJSONSchema(options.input, { io: 'input', unrepresentable: 'any' }),
    outputSchema: z.toJSONSchema(options.output),
    async prepare(input, io, services) {
      const parsed = options.input.safeParse(input);
      if (!parsed.success) throw badInput(parsed.error);
      if (options.prepare) return asksSomething(await options.prepare(parsed.data, io, services));
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

type Checked = Pick<AgentOptions<never, never, never, never>, 'name' | 'version' | 'tools' | 'earlier'>;

function parseOptions(options: Checked) {
  const parsed = optionsSchema.safeParse(options);
  const problems = parsed.success
    ? [...toolProblems(options.tools ?? []), ...earlierProblems(options)]
    : parsed.error.issues.map(plainIssue);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new DefinitionError(`The agent "${options.name}" is not defined correctly: ${problems.join('; ')}.`);
}

/** Names that Claude accepts (API reference, Messages, `tools[].name`). */
const TOOL_NAME = /^[a-zA-Z0-9_-]{1,128}$/;

function toolProblems(tools: readonly { readonly name: string }[]): string[] {
  return tools.flatMap(({ name }, index) => {
    if (!TOOL_NAME.test(name)) return `tools.${index}.name must be 1 to 128 letters, digits, "_" and "-"`;
    return tools.findIndex((other) => other.name === name) === index ? [] : `two tools are called ${name}`;
  });
}

function earlierProblems({ name, version, earlier = [] }: Checked): string[] {
  const all = earlier.flatMap((old) => [old, ...old.earlier]);
  const versions = [version, ...all.map((old) => old.version)];
  return [
    ...all.filter((old) => old.name !== name).map((old) => `earlier has a version of another agent, ${old.name}`),
    ...versions.filter((each, at) => versions.indexOf(each) < at).map((each) => `there are two versions "${each}"`),
  ];
}

/** The agent at work: its tools and `prepare` get these services, such as a database or the time. */
export function withServices<Services>(agent: Agent<Services>, services: Services): Agent {
  return {
    ...agent,
    earlier: agent.earlier.map((version) => withServices(version, services)),
    // A tool without services ignores them.
    tools: (agent.tools as readonly Tool<Services>[]).map((tool) => ({
      ...tool,
      run: (input, context) => tool.run(input, context, services),
    })),
    prepare: (input, io) => agent.prepare(input, io, services),
  };
}

/** Fails a task whose first message says nothing, since the API rejects it, and before anything is paid. */
function asksSomething<Context>(prepared: Prepared<Context>): Prepared<Context> {
  if (prepared.content.some((part) => part.type !== 'text' || VISIBLE.test(part.text))) return prepared;
  const reason = 'The task asks nothing: its input is blank. Submit it again with text.';
  throw new FailureError({ kind: 'permanent', reason });
}

function badInput(error: z.ZodError): FailureError {
  const reason = `The task's input does not fit the agent: ${issuesOf(error).join('; ')}.`;
  return new FailureError({ kind: 'permanent', reason });
}

function issuesOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join('.') || 'the value'}: ${issue.message}`);
}
