import { z } from 'zod';
import { ApiError, invalidRequest } from './api-error.ts';
import { searchResultSchema, searchUseSchema } from './search/blocks.ts';
import { searchToolSchema, type SearchTool } from './search/tool.ts';

const cacheControlSchema = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).default('5m') });

const cacheable = { cache_control: cacheControlSchema.nullish() };

const spokenTextSchema = z
  .string()
  .min(1, 'text content blocks must be non-empty')
  .regex(/\S/, 'text content blocks must contain non-whitespace text');

const textBlockSchema = z.strictObject({
  type: z.literal('text'),
  text: spokenTextSchema,
  citations: z.null().optional(),
  ...cacheable,
});

const UNSUPPORTED_SOURCE = 'the simulated Claude reads base64 and text sources only. Send the bytes of the document.';
const documentBlockSchema = z.strictObject({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: z.string() }),
    z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
    z.looseObject({ type: z.enum(['url', 'file', 'content']) }).transform((_, context) => {
      context.addIssue({ code: 'custom', path: ['type'], message: UNSUPPORTED_SOURCE });
      return z.NEVER;
    }),
  ]),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z
    .strictObject({
      enabled: z.literal(false, 'the simulated Claude does not support citations. Turn them off.').optional(),
    })
    .nullish(),
  ...cacheable,
});

const toolUseBlockSchema = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().min(1),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  caller: z.looseObject({ type: z.literal('direct') }).optional(),
  toolset_name: z.null().optional(),
  ...cacheable,
});

const toolResultBlockSchema = z
  .strictObject({
    type: z.literal('tool_result'),
    tool_use_id: z.string().min(1),
    content: z
      .union([z.string(), z.array(z.discriminatedUnion('type', [textBlockSchema, documentBlockSchema]))])
      .optional(),
    is_error: z.boolean().optional(),
    ...cacheable,
  })
  .refine(({ content, is_error }) => is_error !== true || (content?.length ?? 0) > 0, {
    error: 'content cannot be empty if `is_error` is true',
    path: ['content'],
  });

/** Also the form of the simulator's own thinking. */
const thinkingBlockSchema = z.strictObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().min(1),
});

const redactedThinkingBlockSchema = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string().min(1) });

const textOr = <Block extends z.ZodType>(block: Block) => z.union([spokenTextSchema, z.array(block).min(1)]);

const messageSchema = z.discriminatedUnion('role', [
  z.strictObject({
    role: z.literal('user'),
    content: textOr(z.discriminatedUnion('type', [textBlockSchema, documentBlockSchema, toolResultBlockSchema])),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: textOr(
      z.discriminatedUnion('type', [
        textBlockSchema,
        toolUseBlockSchema,
        thinkingBlockSchema,
        redactedThinkingBlockSchema,
        searchUseSchema,
        searchResultSchema,
      ]),
    ),
  }),
]);

const toolSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, 'up to 128 letters, digits, underscores and dashes'),
  description: z.string().optional(),
  input_schema: z.looseObject({ type: z.literal('object') }),
  type: z
    .literal('custom', 'the simulated Claude supports no server tool but web_search. Define a custom tool.')
    .nullish(),
  strict: z.boolean().optional(),
  eager_input_streaming: z.boolean().nullish(),
  input_examples: z.array(z.record(z.string(), z.unknown())).optional(),
  ...cacheable,
});

const parallel = { disable_parallel_tool_use: z.boolean().optional() };
const toolChoiceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
  z.strictObject({ type: z.literal('none') }),
]);

const promptFields = {
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1, 'at least one message is required').max(100_000),
  system: z.union([z.string(), z.array(textBlockSchema)]).optional(),
  tools: z.array(z.union([toolSchema, searchToolSchema])).optional(),
  tool_choice: toolChoiceSchema.optional(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .optional(),
  /** Only `disabled` has an effect: it turns off the option `thinkingTokens`. */
  thinking: z.looseObject({ type: z.enum(['disabled', 'adaptive', 'between_tools', 'enabled']) }).optional(),
  speed: z.enum(['standard', 'fast']).nullish(),
  ...cacheable,
};

const countRequestSchema = z.strictObject(promptFields);
const messageRequestSchema = z.strictObject({
  ...promptFields,
  max_tokens: z.int().nonnegative(),
  stop_sequences: z.array(z.string().min(1)).optional(),
  stream: z.boolean().optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  inference_geo: z.string().nullish(),
});

/** The part of a request that is billed as input, common to /v1/messages and count_tokens. */
export type PromptRequest = z.output<typeof countRequestSchema>;
export type MessageRequest = z.output<typeof messageRequestSchema>;
export type Message = PromptRequest['messages'][number];
export type Block = Exclude<Message['content'], string>[number];
export type DocumentBlock = z.output<typeof documentBlockSchema>;
export type CacheControl = z.output<typeof cacheControlSchema>;

export type CustomTool = z.output<typeof toolSchema>;

/** The tools that the caller runs. */
export const customTools = ({ tools = [] }: PromptRequest): CustomTool[] =>
  tools.filter((tool) => 'input_schema' in tool);

export const searchToolOf = ({ tools = [] }: PromptRequest): SearchTool | undefined =>
  tools.find((tool): tool is SearchTool => !('input_schema' in tool));

/** Parses the body of POST /v1/messages. Throws a 400 that names each invalid field. */
export const parseMessageRequest = (body: Buffer): MessageRequest => parse(messageRequestSchema, body);

/** Parses the body of POST /v1/messages/count_tokens. Throws a 400 that names each invalid field. */
export const parseCountRequest = (body: Buffer): PromptRequest => parse(countRequestSchema, body);

/** Parses the `params` of a batch entry. Throws a 400 that names each invalid field. */
export const checkMessageRequest = (params: unknown): MessageRequest => checkTurned(messageRequestSchema, params);

const parse = <Schema extends z.ZodType<PromptRequest>>(schema: Schema, body: Buffer): z.output<Schema> =>
  checkTurned(schema, parseJson(body));

function checkTurned<Schema extends z.ZodType<PromptRequest>>(schema: Schema, value: unknown): z.output<Schema> {
  const request = check(schema, value);
  checkTurns(request.messages);
  checkToolsDefined(request);
  return request;
}

/** Parses a value with a schema. Throws a 400 that names each invalid field. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ApiError('invalid_request_error', parsed.error.issues.flatMap(sayIssue).join('; '));
  return parsed.data;
}

function sayIssue(
  issue: z.core.$ZodIssue,
  _index?: number,
  _all?: unknown,
  above: readonly PropertyKey[] = [],
): string[] {
  const path = [...above, ...issue.path];
  const field = path.join('.') || 'body';
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...path, key].join('.')}: Extra inputs are not permitted`);
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that parsed furthest is the one that the caller meant, e.g. of "a string or an array of blocks".
    const deepest = issue.errors.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
    return deepest.flatMap((inner) => sayIssue(inner, 0, [], path));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) return [`${field}: Field required`];
  return [`${field}: ${issue.message}`];
}

const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

/** Tool blocks need the tools that they are about. */
function checkToolsDefined(request: PromptRequest): void {
  const { tools, messages } = request;
  const searched = messages.some((message) => blocksOf(message).some(({ type }) => type === 'server_tool_use'));
  if (searched && !searchToolOf(request))
    throw invalidRequest('tools', 'Requests which include `server_tool_use` blocks must define the tool');
  const ids = messages.flatMap((message) => [...idsOf(message, 'tool_use'), ...idsOf(message, 'tool_result')]);
  if (ids.length > 0 && !tools?.length)
    throw invalidRequest('tools', 'Requests which include `tool_use` or `tool_result` blocks must define tools');
}

/**
 * Checks the order of turns: the first one is the user's and the last one too, and a tool call's result is at the
 * beginning of the next turn, once.
 */
function checkTurns(messages: readonly Message[]): void {
  checkUnique(messages.flatMap((message) => idsOf(message, 'tool_use')));
  if (messages.at(-1)?.role === 'assistant' && !isPaused(messages.at(-1)))
    throw new ApiError(
      'invalid_request_error',
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    );
  if (messages[0]?.role !== 'user') throw invalidRequest('messages', 'first message must use the "user" role');
  messages.forEach((message, index) => {
    const asked = idsOf(messages[index - 1], 'tool_use');
    const answered = resultsFirst(message);
    if (new Set(answered).size < answered.length)
      throw invalidRequest(`messages.${index}.content`, 'each tool_use must have a single result');
    const open = asked.filter((id) => !answered.includes(id));
    if (open.length > 0)
      throw new ApiError(
        'invalid_request_error',
        `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}`,
      );
    const unasked = answered.filter((id) => !asked.includes(id));
    if (unasked.length > 0)
      throw new ApiError(
        'invalid_request_error',
        `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unasked.join(', ')}`,
      );
  });
}

const blocksOf = (message: Message | undefined): readonly Block[] =>
  message === undefined || typeof message.content === 'string' ? [] : message.content;

/** Whether a turn stopped among its searches, so that it goes on when it is sent back. */
const isPaused = (message: Message | undefined): boolean =>
  /^(?:server_tool_use|web_search_tool_result)$/.test(blocksOf(message).at(-1)?.type ?? '');

function checkUnique(ids: readonly string[]): void {
  if (new Set(ids).size < ids.length) throw invalidRequest('messages', '`tool_use` ids must be unique');
}

/** The calls that a turn answers. Results that come after other content do not count. */
function resultsFirst(message: Message): string[] {
  if (typeof message.content === 'string') return [];
  const other = message.content.findIndex(({ type }) => type !== 'tool_result');
  const first = other < 0 ? message.content : message.content.slice(0, other);
  return first.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
}

function idsOf(message: Message | undefined, type: 'tool_use' | 'tool_result'): string[] {
  if (!message || typeof message.content === 'string') return [];
  return message.content.flatMap((block: Block) => {
    if (block.type === 'tool_use' && type === 'tool_use') return [block.id];
    if (block.type === 'tool_result' && type === 'tool_result') return [block.tool_use_id];
    return [];
  });
}

/** An escaped surrogate, which may lack its other half. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** Parses a JSON body. Throws a 400, also for a text with a lone surrogate, which is not valid Unicode. */
export function parseJson(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return SURROGATE.test(text) ? JSON.parse(text, mustBeUnicode) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof LoneSurrogate ? `: ${error.message}` : '.';
    throw new ApiError('invalid_request_error', `The request body is not valid JSON${why}`);
  }
}

class LoneSurrogate extends Error {}

function mustBeUnicode(key: string, value: unknown): unknown {
  if (key.isWellFormed() && (typeof value !== 'string' || value.isWellFormed())) return value;
  throw new LoneSurrogate('no low surrogate in string');
}
