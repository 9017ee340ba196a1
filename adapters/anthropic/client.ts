import Anthropic from '@anthropic-ai/sdk';

/** How the API is reached. */
export interface AnthropicClientOptions {
  /** The key, or a function that reads it before each call so that it may rotate. @default `ANTHROPIC_API_KEY` */
  readonly apiKey?: string | (() => Promise<string>);
  /** @default `ANTHROPIC_BASE_URL`, or the public API */
  readonly baseURL?: string;
}

/** The SDK's client without its own retries: each call must have a reservation of its own (I4). */
export function anthropicClient({ apiKey, baseURL }: AnthropicClientOptions): Anthropic {
  return new Anthropic({
    maxRetries: 0,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseURL === undefined ? {} : { baseURL }),
  });
}
