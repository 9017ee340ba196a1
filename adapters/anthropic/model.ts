import { APIError } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import { FailureError, type Failure } from '#core/failures/failure.ts';
import { PROVIDERS } from '#core/models/provider.ts';
import type { Model, ModelAnswer, ModelRequest } from '#core/ports/model.ts';
import { answerOf } from './answer.ts';
import { anthropicApi, type ClaudeApi } from './api.ts';
import type { AnthropicClientOptions } from './client.ts';
import { failureOfCall } from './failure.ts';
import { rateLimitsOf } from './rate-limits.ts';
import { track, type Sending } from './sending.ts';
import { cachedByBlock, promptOf, type Effort, type Prompt } from './message-params.ts';
import { requestIdOf } from './request-id.ts';
import { checkSize } from './request-size.ts';

/**
 * Longer answers are streamed. Node's fetch gives up on a response without headers after five minutes, which is about
 * how long this many tokens take at 50 tokens per second.
 */
const STREAM_OVER_TOKENS = 8_192;

export interface ClaudeModelOptions {
  /**
   * How much the model thinks before it answers; `null` leaves it to the model. Thinking is billed as output and
   * counts toward `maxTokens`, so raise an agent's `maxOutputTokens` along with it. @default 'low'
   */
  readonly effort?: Effort | null;
  /** Milliseconds since the epoch, to convert reset times to delays. @default the system clock */
  readonly now?: () => number;
}

/** Calls Claude through Anthropic's own API. */
export const anthropicModel = (options: AnthropicModelOptions = {}): Model =>
  claudeModel(anthropicApi(options), options);

/** Calls Claude at any provider. Each call is one HTTP request, because the SDK's retries are disabled (I4). */
export function claudeModel(api: ClaudeApi, { effort = 'low', now = Date.now }: ClaudeModelOptions = {}): Model {
  const { title, maxRequestBytes, hasSearch } = PROVIDERS[api.provider];
  const prompt = (request: ModelRequest): Prompt => {
    checkSize(request, title, maxRequestBytes);
    if (request.search && !hasSearch) throw noSearch(title);
    const made = promptOf({ ...request, model: api.modelId(request.model) }, effort);
    return api.cachesAutomatically ? made : cachedByBlock(made);
  };
  return {
    invoke: (request) =>
      guarded(request, api, now, (options) => {
        const params = { ...prompt(request), max_tokens: request.maxTokens };
        return request.maxTokens > STREAM_OVER_TOKENS ? streamed(api, params, options) : whole(api, params, options);
      }),
    countTokens: (request) =>
      guarded(request, api, now, (options) => api.countTokens(prompt(request), request, options)),
  };
}

export interface AnthropicModelOptions extends ClaudeModelOptions, AnthropicClientOptions {}

type Params = Prompt & { readonly max_tokens: number };

async function whole({ messages }: ClaudeApi, params: Params, options: Anthropic.RequestOptions): Promise<ModelAnswer> {
  const { data, request_id, response } = await messages.create(params, options).withResponse();
  return {
    ...answerOf(data, requestIdOf(response.headers) ?? request_id ?? data.id),
    rateLimits: rateLimitsOf(response.headers),
  };
}

async function streamed(
  { messages }: ClaudeApi,
  params: Params,
  options: Anthropic.RequestOptions,
): Promise<ModelAnswer> {
  const stream = messages.stream(params, options);
  const message = await stream.finalMessage();
  const headers = stream.response?.headers;
  return { ...answerOf(message, requestIdOf(headers) ?? message.id), rateLimits: rateLimitsOf(headers) };
}

/**
 * Makes one call within its time limit and converts its error to a failure. The SDK's timeout stops at the response
 * headers, while the signal also covers the body. A call that the caller aborts rejects with the caller's reason.
 */
async function guarded<Result>(
  request: ModelRequest,
  { provider }: ClaudeApi,
  now: () => number,
  call: (options: Anthropic.RequestOptions) => Promise<Result>,
): Promise<Result> {
  request.signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
  const sending: Sending = { mayHaveArrived: false };
  try {
    const headers = { 'x-step-id': encodeURI(request.stepId) };
    return await track(sending, () => call({ signal, timeout: request.timeoutMs, headers }));
  } catch (error) {
    if (error instanceof FailureError) throw error;
    request.signal?.throwIfAborted();
    if (timeout.aborted) throw new FailureError(timedOut(request.timeoutMs, sending), { cause: error });
    const rateLimits = error instanceof APIError ? rateLimitsOf(error.headers) : undefined;
    throw new FailureError(failureOfCall(error, now(), sending, provider), { cause: error, rateLimits });
  }
}

const noSearch = (title: string): FailureError =>
  new FailureError({
    kind: 'permanent',
    notBilled: true,
    reason: `The agent searches the web, and ${title} has no web search. Use the Claude API, or leave \`search\` out of the agent.`,
  });

const timedOut = (ms: number, { mayHaveArrived }: Sending): Failure => ({
  kind: 'transient',
  reason: `The model did not respond within ${Math.round(ms / 1_000)} s.`,
  ...(mayHaveArrived ? {} : { notBilled: true }),
});
