import { APIError } from '@anthropic-ai/sdk';
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { inputBound } from '#core/agents/input-bound.ts';
import { bedrockId, type ModelProvider } from '#core/models/provider.ts';
import type { ClaudeApi } from './api.ts';
import { credentialsOf, type AwsClientOptions } from './aws-credentials.ts';
import { trackedFetch } from './sending.ts';

export interface BedrockOptions extends AwsClientOptions {
  readonly provider: Extract<ModelProvider, { provider: 'bedrock' }>;
}

/** The version of the Messages API at Amazon Bedrock (InvokeModel, "Anthropic Claude Messages API"). */
const VERSION = 'bedrock-2023-05-31';

/** Claude at Amazon Bedrock: InvokeModel, InvokeModelWithResponseStream and CountTokens, signed by the function's role. */
export function bedrockApi(options: BedrockOptions): ClaudeApi {
  const { provider, region, baseURL } = options;
  const client = new AnthropicBedrock({
    maxRetries: 0,
    fetch: trackedFetch,
    // Neither a key in the environment nor the SDK's own chain of credentials.
    apiKey: null,
    providerChainResolver: async () => credentialsOf(options),
    // The SDK moves it into the body.
    defaultHeaders: { 'anthropic-version': VERSION },
    ...(region === undefined ? {} : { awsRegion: region }),
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  return {
    provider: 'bedrock',
    messages: client.messages,
    modelId: (name) => bedrockId(provider, name),
    async countTokens({ model, ...prompt }, request, options) {
      const asked = { ...prompt, anthropic_version: VERSION, max_tokens: request.maxTokens };
      const invokeModel = { body: Buffer.from(JSON.stringify(asked)).toString('base64') };
      try {
        const path = `/model/${encodeURIComponent(model)}/count-tokens`;
        // The version is in the counted body.
        const headers = { 'anthropic-version': null };
        const body = { input: { invokeModel } };
        const counted = await client.post<{ inputTokens: number }>(path, { ...options, headers, body });
        return counted.inputTokens;
      } catch (error) {
        // Not every model has CountTokens. The bound is never too low.
        if (error instanceof APIError && (error.status === 400 || error.status === 404)) return inputBound(request);
        throw error;
      }
    },
    // Automatic caching is a feature of Anthropic's own API.
    cachesAutomatically: false,
  };
}
