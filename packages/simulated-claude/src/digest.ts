import {
  customTools,
  type Block,
  type CustomTool,
  type DocumentBlock,
  type Message,
  type MessageRequest,
} from './message-schema.ts';
import type { Fault } from './options.ts';
import type { DocumentsRead } from './prompt.ts';
import type { RuleDocument, RuleMessage, RuleRequest, RuleSearch } from './rules.ts';

/** A request as the rules receive it. */
export function digest(request: MessageRequest, documents: DocumentsRead, fault: Fault | null): RuleRequest {
  const messages = request.messages.map((message) => plainMessage(message, documents));
  const { system } = request;
  return {
    model: request.model,
    system: typeof system === 'string' ? system : (system ?? []).map((block) => block.text).join('\n\n'),
    text: messages.find(({ role }) => role === 'user')?.text ?? '',
    documents: [...documents].map(([block, { pages }]) => plainDocument(block, pages)),
    messages,
    searches: request.messages.flatMap(searchesOf),
    tools: customTools(request).map((tool) => ({
      name: tool.name,
      description: tool.description ?? '',
      inputSchema: tool.input_schema,
    })),
    schema: request.output_config?.format?.schema ?? forcedTool(request)?.input_schema ?? null,
    followUp: followUpOf(messages),
    fault,
  };
}

/** The tool that the model must call: the one that `tool_choice` names, or the only one with `any`. */
export function forcedTool(request: MessageRequest): CustomTool | undefined {
  const choice = request.tool_choice;
  const tools = customTools(request);
  if (choice?.type === 'tool') return tools.find(({ name }) => name === choice.name);
  return choice?.type === 'any' && request.tools?.length === 1 ? tools[0] : undefined;
}

/** The searches that a turn which is sent back made. */
function searchesOf({ content }: Message): RuleSearch[] {
  const blocks: readonly Block[] = typeof content === 'string' ? [] : content;
  return blocks.flatMap((block): RuleSearch[] => {
    if (block.type !== 'server_tool_use') return [];
    const outcome = blocks.find((each) => each.type === 'web_search_tool_result' && each.tool_use_id === block.id);
    if (outcome?.type !== 'web_search_tool_result') return [];
    const { query } = block.input;
    return Array.isArray(outcome.content)
      ? [{ query, error: null, results: outcome.content.map(({ url, title }) => ({ url, title })) }]
      : [{ query, error: outcome.content.error_code, results: [] }];
  });
}

function plainDocument(block: DocumentBlock, pages: readonly string[]): RuleDocument {
  return {
    title: block.title ?? null,
    mediaType: block.source.type === 'base64' ? 'application/pdf' : 'text/plain',
    pages,
  };
}

function plainMessage(message: Message, documents: DocumentsRead): RuleMessage {
  const blocks: readonly Block[] =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  return {
    role: message.role,
    text: joinText(blocks),
    toolUses: blocks.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    toolResults: blocks.flatMap((block) =>
      block.type === 'tool_result'
        ? [{ toolUseId: block.tool_use_id, text: resultText(block, documents), isError: block.is_error ?? false }]
        : [],
    ),
  };
}

function resultText(block: Extract<Block, { type: 'tool_result' }>, documents: DocumentsRead): string {
  if (typeof block.content === 'string') return block.content;
  const parts = (block.content ?? []).map((part) =>
    part.type === 'text' ? part.text : (documents.get(part)?.pages.join('\n') ?? ''),
  );
  return parts.join('\n\n');
}

const joinText = (blocks: readonly Block[]): string =>
  blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');

function followUpOf(messages: readonly RuleMessage[]): RuleRequest['followUp'] {
  const previous = messages.at(-2);
  const last = messages.at(-1);
  if (previous?.role !== 'assistant' || !last) return null;
  const previousAnswer = previous.text || JSON.stringify(previous.toolUses[0]?.input ?? null);
  const results = last.toolResults.map(({ text }) => text);
  return { previousAnswer, text: [last.text, ...results].filter(Boolean).join('\n\n') };
}
