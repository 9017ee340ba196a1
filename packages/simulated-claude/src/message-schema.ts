import { z } from 'zod';
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

export const countRequestSchema = z.strictObject(promptFields);
export const messageRequestSchema = z.strictObject({
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
