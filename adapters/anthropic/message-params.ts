import type {
  ContentBlockParam,
  MessageCountTokensParams,
  MessageParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import type { ContentPart, ModelMessage, ModelRequest, ToolSpec } from '#core/ports/model.ts';
import { wellFormed } from '#core/text/text.ts';
import { searchTools, unsealSearch } from './searching.ts';
import { structuredSchema } from './structured-schema.ts';
import { unseal } from './thinking.ts';

/** The parameters shared by a call and by counting its tokens. */
export type Prompt = Pick<
  MessageCountTokensParams,
  'model' | 'system' | 'messages' | 'tools' | 'output_config' | 'cache_control'
>;

/**
 * How much Claude thinks. Claude 5.5 thinks by default, and some of its models always (platform.claude.com,
 * "Thinking").
 */
export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** The fields of a request that make up the prompt. */
type Asked = Pick<ModelRequest, 'model' | 'system' | 'messages' | 'tools' | 'outputSchema' | 'search'>;

/** Converts a request to parameters of the Messages API. */
export function promptOf(request: Asked, effort: Effort | null): Prompt {
  const { search, outputSchema } = request;
  const tools = [...(search ? searchTools(search, outputSchema) : []), ...request.tools.map(ownTool)];
  return {
    model: request.model,
    // Tools come before the system prompt in the cached prefix, so one cache breakpoint covers both.
    system: [{ type: 'text', text: request.system.toWellFormed(), cache_control: { type: 'ephemeral' } }],
    messages: request.messages.map(messageParam),
    output_config: {
      // Citations, which searches always have, are refused together with a format: the answer comes by a tool.
      ...(!search && { format: { type: 'json_schema' as const, schema: structuredSchema(outputSchema) } }),
      ...(effort !== null && { effort }),
    },
    // What has tools sends its earlier turns again in every call, so they are cached too.
    ...(tools.length > 0 && { tools, cache_control: { type: 'ephemeral' as const } }),
  };
}

/** The prompt with its cache breakpoint on the last block, for a provider that does not place it itself. */
export function cachedByBlock({ cache_control, ...prompt }: Prompt): Prompt {
  const last = prompt.messages.at(-1);
  if (!cache_control || !last || last.role === 'system' || typeof last.content === 'string') return prompt;
  const block = last.content.at(-1);
  // Thinking is never last, and every other block can have a breakpoint.
  if (!block || block.type === 'thinking' || block.type === 'redacted_thinking') return prompt;
  const content = [...last.content.slice(0, -1), { ...block, cache_control } as ContentBlockParam];
  return { ...prompt, messages: [...prompt.messages.slice(0, -1), { ...last, content }] };
}

const ownTool = ({ name, description, inputSchema }: ToolSpec): Tool =>
  wellFormed({ name, description, input_schema: { ...inputSchema, type: 'object' as const } });

/**
 * Converts a message. The API rejects empty texts, lone surrogates, and turns that are empty or end in thinking, which a
 * truncated answer can leave behind.
 */
function messageParam({ role, content }: ModelMessage): MessageParam {
  const blocks = content.filter((part) => !isEmpty(part)).map(block);
  const said = blocks.some(({ type }) => type !== 'thinking' && type !== 'redacted_thinking');
  return { role, content: said ? blocks : [...blocks, { type: 'text', text: '(no answer)' }] };
}

/** A text without words, and a search whose turn is over. */
const isEmpty = (part: ContentPart): boolean =>
  (part.type === 'text' && part.text.trim() === '') || (part.type === 'search' && part.sealed === '');

const SHARED = { cache_control: { type: 'ephemeral' as const } };

function block(part: ContentPart): ContentBlockParam {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text.toWellFormed(), ...(part.isShared === true && SHARED) };
    case 'document':
      return { type: 'document', source: { type: 'base64', media_type: part.mediaType, data: base64(part.bytes) } };
    case 'thinking':
      return unseal(part.sealed);
    case 'search':
      return unsealSearch(part.sealed);
    case 'tool-use':
      return { type: 'tool_use', id: part.id, name: part.name, input: wellFormed(part.input) };
    case 'tool-result':
      return toolResult(part);
  }
}

/** The API rejects an error result without content. */
function toolResult({ toolUseId, content, isError }: Extract<ContentPart, { type: 'tool-result' }>): ContentBlockParam {
  const said = isError && content.trim() === '' ? 'The tool failed without a message.' : content;
  return { type: 'tool_result', tool_use_id: toolUseId, content: said.toWellFormed(), is_error: isError };
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
