import type Anthropic from '@anthropic-ai/sdk';
import type { ModelProvider } from '#core/models/provider.ts';
import type { ModelRequest } from '#core/ports/model.ts';
import { anthropicClient, type AnthropicClientOptions } from './client.ts';
import type { Prompt } from './message-params.ts';

/** The Messages API as a provider serves it. All providers take the same messages and return the same answers. */
export interface ClaudeApi {
  readonly provider: ModelProvider['provider'];
  readonly messages: Pick<Anthropic['messages'], 'create' | 'stream'>;
  /** The model's id at this provider. @param name its name in the catalogue */
  modelId(name: string): string;
  /** The number of input tokens of a request. */
  countTokens(prompt: Prompt, request: ModelRequest, options: Anthropic.RequestOptions): Promise<number>;
  /** Whether `cache_control` of the request itself is supported. Otherwise it is put on the last block. */
  readonly cachesAutomatically: boolean;
}

/** Anthropic's own API, or Claude Platform on AWS, which serves the same operations. */
export const messagesApi = (client: Anthropic, provider: ModelProvider['provider']): ClaudeApi => ({
  provider,
  messages: client.messages,
  modelId: (name) => name,
  async countTokens(asked, _request, options) {
    const { cache_control: _, ...prompt } = asked;
    return (await client.messages.countTokens(prompt, options)).input_tokens;
  },
  cachesAutomatically: true,
});

export const anthropicApi = (options: AnthropicClientOptions): ClaudeApi =>
  messagesApi(anthropicClient(options), 'anthropic');
