import type { Answer } from './answer.ts';
import { newId } from './ids.ts';
import type { CacheUsage } from './prompt-cache.ts';

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_creation: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
  readonly [other: string]: unknown;
}

/** A message with its answer, before it is sent. */
export interface Message {
  readonly id: string;
  readonly model: string;
  readonly answer: Answer;
  readonly usage: Usage;
}

export function makeMessage(
  model: string,
  answer: Answer,
  cache: CacheUsage,
  serviceTier: 'standard' | 'batch' = 'standard',
): Message {
  const usage: Usage = {
    input_tokens: cache.plainTokens,
    output_tokens: answer.outputTokens,
    cache_read_input_tokens: cache.readTokens,
    cache_creation_input_tokens: cache.write5mTokens + cache.write1hTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: cache.write5mTokens,
      ephemeral_1h_input_tokens: cache.write1hTokens,
    },
    output_tokens_details: null,
    server_tool_use:
      answer.searches === undefined ? null : { web_search_requests: answer.searches, web_fetch_requests: 0 },
    service_tier: serviceTier,
    speed: 'standard',
    inference_geo: null,
  };
  return { id: newId('msg'), model, answer, usage };
}

/** The fields that a streamed message sends before its content. */
export const headOf = ({ id, model }: Message): Record<string, unknown> => ({
  id,
  type: 'message',
  role: 'assistant',
  // Marks the answer as simulated, so that nobody mistakes it for Claude's later.
  model: `${model}-simulated`,
  container: null,
  diagnostics: null,
});

/** The fields that say why a message ends. */
export const endOf = ({ answer }: Message): Record<string, unknown> => ({
  stop_reason: answer.stopReason,
  stop_sequence: answer.stopSequence,
  stop_details: null,
});

/** The body of a whole message. */
export const bodyOf = (message: Message): Record<string, unknown> => ({
  ...headOf(message),
  content: message.answer.content,
  ...endOf(message),
  usage: message.usage,
});
