import type { Usage } from '../models/price.ts';
import type { SearchResult } from '../models/search.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export type ContentPart =
  | {
      readonly type: 'text';
      readonly text: string;
      /** Whether other calls begin the same up to the end of this part: the provider caches it. At most two of a message. */
      readonly isShared?: boolean;
    }
  | {
      readonly type: 'document';
      readonly mediaType: 'application/pdf';
      readonly bytes: Uint8Array;
      /** Pages and UTF-8 bytes of the text layer: what the bound on input tokens is computed from. */
      readonly pages: number;
      readonly textBytes: number;
    }
  /**
   * The model's thinking, in the provider's own opaque form. It is sent back unchanged at its position in the turn: the
   * provider rejects a turn with tool calls without it.
   */
  | { readonly type: 'thinking'; readonly sealed: string }
  /**
   * A web search, or what it found, in the provider's own opaque form. Sent back unchanged while the turn goes on; empty
   * once it is over.
   */
  | { readonly type: 'search'; readonly sealed: string; readonly found: readonly SearchResult[] }
  | { readonly type: 'tool-use'; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly type: 'tool-result'; readonly toolUseId: string; readonly content: string; readonly isError: boolean };

export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly ContentPart[];
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
}

/** The provider's own web search. */
export interface WebSearch {
  /** Searches that the model may make in one call. */
  readonly maxUses: number;
}

export interface ModelRequest {
  readonly model: string;
  /** Cached as a prefix by the provider, together with the tools. */
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolSpec[];
  /** The final answer is one JSON value of this schema. */
  readonly outputSchema: JsonSchema;
  /** @default no searches */
  readonly search?: WebSearch | undefined;
  readonly maxTokens: number;
  /** Milliseconds after which the call times out. Less than the invocation has left. */
  readonly timeoutMs: number;
  /** `<task id>/<step index>`: named in traces and sent as a header for the provider's log. */
  readonly stepId: string;
  readonly signal?: AbortSignal | undefined;
}

/** One of the provider's limits, as reported with an answer. */
export interface RateLimit {
  /** Allowed per minute. */
  readonly limit: number;
  /** What is left of it. */
  readonly remaining: number;
}

/** What the provider allows. A limit that it did not report is left out. Tokens read from the cache do not count as input. */
export interface RateLimits {
  readonly requests?: RateLimit | undefined;
  readonly inputTokens?: RateLimit | undefined;
  readonly outputTokens?: RateLimit | undefined;
}

export interface ModelAnswer {
  readonly content: readonly ContentPart[];
  /** `paused`: the provider interrupted a turn with searches. The next call sends its content back, and the turn goes on. */
  readonly stopReason: 'end' | 'tool-use' | 'max-tokens' | 'refusal' | 'paused';
  readonly usage: Usage;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly requestId: string;
  /** Absent when the provider reported none. */
  readonly rateLimits?: RateLimits | undefined;
}

/**
 * The language model. Throws `FailureError`: `throttled` for 429 and 529 (with `retryAfterMs` and `rateLimits`), `transient` for
 * timeouts, 5xx and broken connections, `permanent` for errors that no retry can fix (400, 401, 403, 413). It never
 * retries by itself: each call must have a reservation of its own (I4).
 */
export interface Model {
  invoke(request: ModelRequest): Promise<ModelAnswer>;
  /** The exact number of input tokens the request would be billed for. */
  countTokens(request: ModelRequest): Promise<number>;
}
