import Anthropic from '@anthropic-ai/sdk';
import { trackedFetch } from './sending.ts';

/** How to reach the API. */
export interface AnthropicClientOptions {
  /** The key, or a function called before each request so that the key can rotate. @default `ANTHROPIC_API_KEY` */
  readonly apiKey?: string | (() => Promise<string>);
  /** @default `ANTHROPIC_BASE_URL`, or the public API */
  readonly baseURL?: string;
}

/** The SDK's client with its retries disabled: each call must have its own reservation (I4). */
export function anthropicClient({ apiKey, baseURL }: AnthropicClientOptions): Anthropic {
  return new Anthropic({
    maxRetries: 0,
    fetch: trackedFetch,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(baseURL === undefined ? {} : { baseURL }),
  });
}
