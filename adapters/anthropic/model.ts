import { APIError } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import { FailureError, type Failure } from '#core/failures/failure.ts';
import type { Model, ModelAnswer, ModelRequest } from '#core/ports/model.ts';
import { answerOf } from './answer.ts';
import { anthropicClient, type AnthropicClientOptions } from './client.ts';
import { failureOfCall } from './failure.ts';
import { rateLimitsOf } from './rate-limits.ts';
import { track, type Sending } from './sending.ts';
import { promptOf, type Effort, type Prompt } from './message-params.ts';

/**
 * Longer answers are streamed. Node's fetch gives up on a response without headers after five minutes, which is about
 * how long this many tokens take at 50 tokens per second.
 */
const STREAM_OVER_TOKENS = 8_192;

export interface AnthropicModelOptions extends AnthropicClientOptions {
  /**
   * How much the model thinks before it answers; `null` leaves it to the model. Thinking is billed as output and
   * counts toward `maxTokens`, so raise an agent's `maxOutputTokens` along with it. @default 'low'
   */
  readonly effort?: Effort | null;
  /** Milliseconds since the epoch, to convert reset times to delays. @default the system clock */
  readonly now?: () => number;
}

/** Calls Claude through the Messages API. Each call is one HTTP request, because the SDK's retries are disabled (I4). */
export function anthropicModel(options: AnthropicModelOptions = {}): Model {
  const { effort = 'low', now = Date.now } = options;
  const client = anthropicClient(options);
  return {
    invoke: (request) =>
      guarded(request, now, (options) => {
        const params = { ...promptOf(request, effort), max_tokens: request.maxTokens };
        return request.maxTokens > STREAM_OVER_TOKENS
          ? streamed(client, params, options)
          : whole(client, params, options);
      }),
    countTokens: (request) =>
      guarded(request, now, async (options) => {
        const { cache_control: _, ...prompt } = promptOf(request, effort);
        return (await client.messages.countTokens(prompt, options)).input_tokens;
      }),
  };
}

type Params = Prompt & { readonly max_tokens: number };

async function whole(client: Anthropic, params: Params, options: Anthropic.RequestOptions): Promise<ModelAnswer> {
  const { data, request_id, response } = await client.messages.create(params, options).withResponse();
  return { ...answerOf(data, request_id ?? ''), rateLimits: rateLimitsOf(response.headers) };
}

async function streamed(client: Anthropic, params: Params, options: Anthropic.RequestOptions): Promise<ModelAnswer> {
  const stream = client.messages.stream(params, options);
  const message = await stream.finalMessage();
  return { ...answerOf(message, stream.request_id ?? ''), rateLimits: rateLimitsOf(stream.response?.headers) };
}

/**
 * Makes one call within its time limit and converts its error to a failure. The SDK's timeout stops at the response
 * headers, while the signal also covers the body. A call that the caller aborts rejects with the caller's reason.
 */
async function guarded<Result>(
  request: ModelRequest,
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
    throw new FailureError(failureOfCall(error, now(), sending), { cause: error, rateLimits });
  }
}

const timedOut = (ms: number, { mayHaveArrived }: Sending): Failure => ({
  kind: 'transient',
  reason: `The model did not respond within ${Math.round(ms / 1_000)} s.`,
  ...(mayHaveArrived ? {} : { notBilled: true }),
});
