import { NotFoundError } from '@anthropic-ai/sdk';
import type Anthropic from '@anthropic-ai/sdk';
import type {
  MessageBatch,
  MessageBatchIndividualResponse,
  MessageBatchResult,
} from '@anthropic-ai/sdk/resources/messages';
import { FailureError } from '#core/failures/failure.ts';
import type { BatchEntry, BatchModel, BatchResult, BatchStatus } from '#core/ports/batch-model.ts';
import { answerOf } from './answer.ts';
import { anthropicClient, type AnthropicClientOptions } from './client.ts';
import { failureOfCall, failureOfEntry } from './failure.ts';
import { promptOf, type Effort } from './message-params.ts';
import type { ClaudeModelOptions } from './model.ts';
import { track, type Sending } from './sending.ts';

/** A batch of up to 256 MB takes a while to upload. */
const TIMEOUT_MS = 120_000;
/** Batches per page when listing: the API's maximum. */
const PAGE = 1_000;

export interface AnthropicBatchModelOptions extends ClaudeModelOptions, AnthropicClientOptions {}

/** Calls Claude through the Message Batches API of Anthropic. */
export const anthropicBatchModel = (options: AnthropicBatchModelOptions = {}): BatchModel =>
  claudeBatchModel(anthropicClient(options), options);

/** Calls Claude through the Message Batches API of any provider that has one. */
export function claudeBatchModel(
  { messages: { batches } }: Pick<Anthropic, 'messages'>,
  { effort = 'low', now = Date.now }: ClaudeModelOptions = {},
): BatchModel {
  const timeout = { timeout: TIMEOUT_MS };
  return {
    create: (entries) =>
      guarded(now, async () => {
        const requests = entries.map((entry) => ({ custom_id: entry.customId, params: paramsOf(entry, effort) }));
        return statusOf(await batches.create({ requests }, timeout));
      }),
    list: () => guardedEach(now, async () => batches.list({ limit: PAGE }, timeout), statusOf),
    get: (id) =>
      guarded(now, async () => {
        const found = await batches.retrieve(id, {}, timeout).catch(nullIfNotFound);
        return found && statusOf(found);
      }),
    results: (id) =>
      guardedEach(
        now,
        async () => batches.results(id, {}, timeout),
        (line) => resultOf(line, now()),
      ),
    cancel: (id) =>
      guarded(now, async () => {
        const { processing_status } = await batches.retrieve(id, {}, timeout);
        if (processing_status === 'in_progress') await batches.cancel(id, {}, timeout);
      }),
  };
}

const paramsOf = ({ request }: BatchEntry, effort: Effort | null) => ({
  ...promptOf(request, effort),
  max_tokens: request.maxTokens,
});

function statusOf({ id, processing_status, created_at, request_counts }: MessageBatch): BatchStatus {
  const { processing, succeeded, errored, canceled, expired } = request_counts;
  return {
    id,
    status: processing_status === 'in_progress' ? 'in-progress' : processing_status,
    createdAt: Date.parse(created_at),
    entries: processing + succeeded + errored + canceled + expired,
  };
}

function resultOf({ custom_id: customId, result }: MessageBatchIndividualResponse, now: number): BatchResult {
  return { customId, ...outcomeOf(result, now) };
}

/** A batch entry has no request id of its own, so the message's id identifies it at the provider. */
function outcomeOf(result: MessageBatchResult, now: number) {
  switch (result.type) {
    case 'succeeded':
      return { kind: 'succeeded' as const, answer: answerOf(result.message, result.message.id) };
    case 'errored':
      return { kind: 'failed' as const, failure: failureOfEntry(result.error, now) };
    case 'canceled':
      return { kind: 'cancelled' as const };
    case 'expired':
      return { kind: 'expired' as const };
  }
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
}

async function guarded<Result>(now: () => number, call: () => Promise<Result>): Promise<Result> {
  const sending: Sending = { mayHaveArrived: false };
  try {
    return await track(sending, call);
  } catch (error) {
    throw failed(error, now, sending);
  }
}

async function* guardedEach<From, To>(
  now: () => number,
  open: () => Promise<AsyncIterable<From>>,
  map: (from: From) => To,
): AsyncGenerator<To> {
  try {
    for await (const from of await open()) yield map(from);
  } catch (error) {
    // Reading bills nothing, so whether the request arrived does not matter.
    throw failed(error, now, { mayHaveArrived: true });
  }
}

const failed = (error: unknown, now: () => number, sending: Sending): FailureError =>
  error instanceof FailureError ? error : new FailureError(failureOfCall(error, now(), sending), { cause: error });
