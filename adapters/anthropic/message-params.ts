import type {
  ContentBlockParam,
  MessageCountTokensParams,
  MessageParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import type { ContentPart, ModelMessage, ModelRequest, ToolSpec } from '#core/ports/model.ts';
import { structuredSchema } from './structured-schema.ts';
import { unseal } from './thinking.ts';

/** What a call and the counting of its tokens have in common. */
export type Prompt = Pick<
  MessageCountTokensParams,
  'model' | 'system' | 'messages' | 'tools' | 'output_config' | 'cache_control'
>;

/**
 * Claude 5.5 thinks by default, and some of its models always; `effort` says how much
 * (platform.claude.com, "Thinking").
 */
export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** What of a request makes the prompt. */
type Asked = Pick<ModelRequest, 'model' | 'system' | 'messages' | 'tools' | 'outputSchema'>;

/** A request as the Messages API takes it. */
export function promptOf(request: Asked, effort: Effort | null): Prompt {
  const format = { type: 'json_schema' as const, schema: structuredSchema(request.outputSchema) };
  return {
    model: request.model,
    // The cached prefix: tools come before the system prompt, so that one mark covers both.
    system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
    messages: request.messages.map(messageParam),
    output_config: effort === null ? { format } : { format, effort },
    ...(request.tools.length === 0 ? {} : toolUse(request.tools)),
  };
}

/** An agent with tools comes back with all it sent before: worth caching up to the newest turn as well. */
const toolUse = (tools: readonly ToolSpec[]): Pick<Prompt, 'tools' | 'cache_control'> => ({
  tools: tools.map(({ name, description, inputSchema }): Tool => ({
    name,
    description,
    input_schema: { ...inputSchema, type: 'object' },
  })),
  cache_control: { type: 'ephemeral' },
});

/** The API refuses empty texts, and turns that are empty or end in thinking: what a refusal or a cut-off answer may have left. */
function messageParam({ role, content }: ModelMessage): MessageParam {
  const blocks = content.filter((part) => part.type !== 'text' || part.text.trim() !== '').map(block);
  const said = blocks.some(({ type }) => type !== 'thinking' && type !== 'redacted_thinking');
  return { role, content: said ? blocks : [...blocks, { type: 'text', text: '(no answer)' }] };
}

function block(part: ContentPart): ContentBlockParam {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'document':
      return { type: 'document', source: { type: 'base64', media_type: part.mediaType, data: base64(part.bytes) } };
    case 'thinking':
      return unseal(part.sealed);
    case 'tool-use':
      return { type: 'tool_use', id: part.id, name: part.name, input: part.input };
    case 'tool-result':
      return { type: 'tool_result', tool_use_id: part.toolUseId, content: part.content, is_error: part.isError };
  }
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
