import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { Fault } from './options.ts';

/** A request as a rule receives it: plain, read-only data, with the text of the documents. */
export interface RuleRequest {
  readonly model: string;
  readonly system: string;
  /** The text of the first user turn, its blocks joined by blank lines. */
  readonly text: string;
  /** Every document of every turn, in order. */
  readonly documents: readonly RuleDocument[];
  readonly messages: readonly RuleMessage[];
  readonly tools: readonly RuleTool[];
  /** The web searches so far, of this call and of turns that were sent back. */
  readonly searches: readonly RuleSearch[];
  /** JSON schema that the answer must match: of `output_config.format`, or else of the forced tool. */
  readonly schema: Readonly<Record<string, unknown>> | null;
  /** In later turns: the previous answer and the user's reply to it, for example the validation errors. */
  readonly followUp: { readonly previousAnswer: string; readonly text: string } | null;
  /** A fault that only a rule can produce, such as `wrong-quote`. */
  readonly fault: Fault | null;
}

export interface RuleDocument {
  readonly title: string | null;
  readonly mediaType: string;
  /** The text of each page. Empty for a page that is only an image. */
  readonly pages: readonly string[];
}

export interface RuleMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly toolUses: readonly { readonly id: string; readonly name: string; readonly input: unknown }[];
  readonly toolResults: readonly { readonly toolUseId: string; readonly text: string; readonly isError: boolean }[];
}

export interface RuleSearch {
  readonly query: string;
  /** Why it failed, such as `max_uses_exceeded`; null if it did not. */
  readonly error: string | null;
  readonly results: readonly { readonly url: string; readonly title: string }[];
}

export interface RuleTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

const answerSchema = z.union([
  z.strictObject({ json: z.json() }),
  z.strictObject({
    toolUse: z.array(z.strictObject({ name: z.string(), input: z.record(z.string(), z.unknown()) })).min(1),
    text: z.string().optional(),
  }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ search: z.array(z.string().min(1)).min(1).max(10) }),
]);
/** `json` becomes the structured output or the forced tool's input; `toolUse` calls tools; `text` is plain text. `search` searches the web, then asks the rules again. */
export type RuleAnswer = z.output<typeof answerSchema>;

const ruleSchema = z.object({
  name: z.string().min(1),
  matches: z.custom<Rule['matches']>((value) => typeof value === 'function', 'a function (request) => boolean'),
  answer: z.custom<Rule['answer']>((value) => typeof value === 'function', 'a function (request) => answer'),
});

/** The default export of a rule module. */
export interface Rule {
  readonly name: string;
  matches(request: RuleRequest): boolean;
  /** Must be deterministic: the same request always gets the same answer. */
  answer(request: RuleRequest): RuleAnswer | Promise<RuleAnswer>;
}

/** Loads the rule modules. Throws an `Error` that names the module and the problem. */
export async function loadRules(paths: readonly string[]): Promise<Rule[]> {
  return Promise.all(
    paths.map(async (path) => {
      if (!isAbsolute(path)) throw new Error(`rules: "${path}" must be an absolute path.`);
      const module = z.object({ default: z.unknown() }).safeParse(await import(pathToFileURL(path).href));
      const rule = ruleSchema.safeParse(module.data?.default);
      if (!rule.success)
        throw new Error(`rules: ${path} must export a rule by default.\n${z.prettifyError(rule.error)}`);
      return rule.data;
    }),
  );
}

/** Returns the answer of the first rule that matches. Throws a 400 if none matches, and a 500 if a rule fails. */
export async function answerByRules(rules: readonly Rule[], request: RuleRequest): Promise<RuleAnswer> {
  for (const rule of rules) {
    const answer = await tryRule(rule, request);
    if (answer) return answer;
  }
  const names = rules.map(({ name }) => name).join(', ') || 'none';
  throw new ApiError(
    'invalid_request_error',
    `This is a simulation, and none of its rules matches the request (rules: ${names}). ` +
      'Add a rule (see packages/simulated-claude/README.md), or set ANTHROPIC_API_KEY to use the real API.',
  );
}

async function tryRule(rule: Rule, request: RuleRequest): Promise<RuleAnswer | null> {
  try {
    return rule.matches(request) ? answerSchema.parse(await rule.answer(request)) : null;
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new ApiError('api_error', `The rule "${rule.name}" of the simulated Claude failed: ${why}`);
  }
}
