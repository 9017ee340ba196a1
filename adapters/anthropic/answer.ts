import type { Message } from '@anthropic-ai/sdk/resources/messages';
import type { ContentPart, ModelAnswer } from '#core/ports/model.ts';
import { seal } from './thinking.ts';

/** Converts the API's message to the core's answer. */
export function answerOf(message: Message, requestId: string): ModelAnswer {
  const { usage } = message;
  return {
    content: message.content.flatMap(partOf),
    stopReason: stopReasonOf(message.stop_reason),
    usage: {
      input: usage.input_tokens,
      output: usage.output_tokens,
      cacheRead: usage.cache_read_input_tokens ?? 0,
      cacheWrite: usage.cache_creation_input_tokens ?? 0,
    },
    model: message.model,
    requestId,
  };
}

function partOf(block: Message['content'][number]): ContentPart[] {
  if (block.type === 'text') return [{ type: 'text', text: block.text }];
  if (block.type === 'tool_use') return [{ type: 'tool-use', id: block.id, name: block.name, input: block.input }];
  if (block.type === 'thinking' || block.type === 'redacted_thinking')
    return [{ type: 'thinking', sealed: seal(block) }];
  // Other blocks come only from the provider's own tools, which we never offer.
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
    // Only the provider's own tools pause a turn, and we never offer them.
    case 'pause_turn':
    case 'end_turn':
    case 'stop_sequence':
    case null:
      return 'end';
  }
}
