import type { Message } from '@anthropic-ai/sdk/resources/messages';
import type { ContentPart, ModelAnswer } from '#core/ports/model.ts';
import { ANSWER_TOOL, SEARCH_TOOL } from '#core/models/search.ts';
import { lostSearches } from './lost-searches.ts';
import { foundBy, sealSearch } from './searching.ts';
import { seal } from './thinking.ts';

/** Converts the API's message to the core's answer. */
export function answerOf(message: Message, requestId: string): ModelAnswer {
  const { usage } = message;
  const searches = usage.server_tool_use?.web_search_requests ?? 0;
  return {
    ...saidBy(message),
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens ?? 0,
      cacheWrite: usage.cache_creation_input_tokens ?? 0,
      ...(searches > 0 && { searches }),
    },
    model: message.model,
    requestId,
  };
}

/** What a message says, and why it stops. An answer that comes by its tool is a text like any other. */
function saidBy(message: Message): Pick<ModelAnswer, 'content' | 'stopReason'> {
  const { content, stop_reason } = message;
  const lost = lostSearches(message);
  const parts = content.flatMap((block) => partOf(block, lost));
  const answer = content.find((block) => block.type === 'tool_use' && block.name === ANSWER_TOOL);
  // A call that was cut off has no whole input.
  if (answer?.type !== 'tool_use' || stop_reason !== 'tool_use')
    return { content: parts, stopReason: stopReasonOf(stop_reason) };
  // The turn is over, so nobody wants its searches back: what they found is kept.
  const before = parts.flatMap((part): ContentPart[] => {
    if (part.type === 'search') return part.found.length === 0 ? [] : [{ ...part, sealed: '' }];
    return part.type === 'thinking' ? [part] : [];
  });
  return { content: [...before, { type: 'text', text: JSON.stringify(answer.input) }], stopReason: 'end' };
}

function partOf(block: Message['content'][number], lost: ReadonlySet<string>): ContentPart[] {
  if (block.type === 'text') return [{ type: 'text', text: block.text }];
  if (block.type === 'tool_use') return [{ type: 'tool-use', id: block.id, name: block.name, input: block.input }];
  if (block.type === 'thinking' || block.type === 'redacted_thinking')
    return [{ type: 'thinking', sealed: seal(block) }];
  if (block.type === 'server_tool_use' && block.name === SEARCH_TOOL)
    return lost.has(block.id) ? [] : [{ type: 'search', sealed: sealSearch(block), found: [] }];
  if (block.type === 'web_search_tool_result')
    return [{ type: 'search', sealed: lost.has(block.tool_use_id) ? '' : sealSearch(block), found: foundBy(block) }];
  // Other blocks come only from tools of the provider that we never offer.
  return [];
}

function stopReasonOf(reason: Message['stop_reason']): ModelAnswer['stopReason'] {
  switch (reason) {
    case 'tool_use':
      return 'tool-use';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'max-tokens';
    case 'refusal':
      return 'refusal';
    case 'pause_turn':
      return 'paused';
    case 'end_turn':
    case 'stop_sequence':
    case null:
      return 'end';
  }
}
